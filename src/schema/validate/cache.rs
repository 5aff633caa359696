//! Compiled schemas by pointer: made once, outside the lock, and forgotten when there are too many.

use crate::schema::view::Origins;
use crate::schema::{Direction, Pointer, SchemaProblem};
use jsonschema::Validator;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A compiled schema, and what is needed to understand its errors.
pub(super) struct Compiled {
    pub(super) validator: Validator,
    /// Where in the document the schemas stand that it was compiled from.
    pub(super) origins: Origins,
    /// About how deeply a judgement recurses within one level of the value.
    pub(super) depth: usize,
    /// How many schemas and values were compiled.
    pub(super) nodes: usize,
    /// Whether the other direction needs another one.
    pub(super) one_sided: bool,
}

/// What compiling a schema came to.
pub(super) type Outcome = Result<Arc<Compiled>, SchemaProblem>;

/// The compiled schemas of a document.
pub(super) struct Cache {
    /// How many schemas and values may be kept compiled.
    room: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    slots: HashMap<Pointer, Slot>,
    /// Counts uses, so that the least recent one can be told.
    uses: u64,
    nodes: usize,
}

#[derive(Default)]
struct Slot {
    request: Arc<OnceLock<Outcome>>,
    response: Arc<OnceLock<Outcome>>,
    used: u64,
    /// What it takes of the room.
    nodes: usize,
}

impl Cache {
    pub(super) fn new(room: usize) -> Self {
        Self { room, kept: Mutex::default() }
    }

    /// What was kept for the schema at `pointer`, or what `compile` makes. Whoever asks for another schema meanwhile
    /// does not wait; whoever asks for the same one does.
    pub(super) fn get(
        &self,
        pointer: &Pointer,
        direction: Direction,
        compile: impl FnOnce() -> Outcome,
    ) -> Outcome {
        let (cell, other) = self.cells(pointer, direction);
        if let Some(outcome) = cell.get() {
            return outcome.clone();
        }
        let mut fresh = false;
        let outcome = cell.get_or_init(|| {
            fresh = true;
            compile()
        });
        if fresh {
            if outcome.as_ref().map_or(true, |compiled| !compiled.one_sided) {
                _ = other.set(outcome.clone());
            }
            self.keep(pointer, &cell, outcome.as_ref().map_or(1, |compiled| compiled.nodes));
        }
        outcome.clone()
    }

    fn cells(
        &self,
        pointer: &Pointer,
        direction: Direction,
    ) -> (Arc<OnceLock<Outcome>>, Arc<OnceLock<Outcome>>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let uses = kept.uses;
        let slot = match kept.slots.get_mut(pointer) {
            Some(slot) => slot,
            None => kept.slots.entry(pointer.clone()).or_default(),
        };
        slot.used = uses;
        let (request, response) = (Arc::clone(&slot.request), Arc::clone(&slot.response));
        match direction {
            Direction::Request => (request, response),
            Direction::Response => (response, request),
        }
    }

    /// Counts what was compiled, and forgets what was not used for longest if it does not fit.
    fn keep(&self, pointer: &Pointer, cell: &Arc<OnceLock<Outcome>>, nodes: usize) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = &mut *kept;
        // It may have been forgotten while it was compiled.
        let ours = |slot: &&mut Slot| Arc::ptr_eq(&slot.request, cell) || Arc::ptr_eq(&slot.response, cell);
        let Some(slot) = kept.slots.get_mut(pointer).filter(ours) else { return };
        slot.nodes += nodes;
        kept.nodes += nodes;
        if kept.nodes > self.room {
            kept.make_room(self.room - self.room / 8, pointer);
        }
    }

    #[cfg(test)]
    pub(super) fn nodes(&self) -> usize {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).nodes
    }
}

impl Kept {
    /// Forgets what was not used for longest until `room` suffices; a good part at once, for looking through all
    /// of it takes time.
    fn make_room(&mut self, room: usize, spared: &Pointer) {
        let others = self.slots.iter().filter(|(at, slot)| slot.nodes > 0 && *at != spared);
        let mut oldest: Vec<(u64, Pointer)> = others.map(|(at, slot)| (slot.used, at.clone())).collect();
        oldest.sort_unstable();
        for (_, at) in oldest {
            if self.nodes <= room {
                break;
            }
            self.nodes -= self.slots.remove(&at).map_or(0, |slot| slot.nodes);
        }
    }
}
