//! The files of a document as they come in, and what their references lead to.
//!
//! Nothing is read here: what is missing is asked for, and the walk goes on when it is there.

use crate::schema::Pointer;
use crate::source::bundle::address::{Address, Home, Refusal};
use crate::source::bundle::identity::Names;
use crate::source::bundle::role::Role;
use crate::source::bundle::sites::Walked;
use crate::source::location::shown;
use serde_json::Value;
use std::collections::HashMap;

/// How many references a pointer may pass through on its way.
const LONGEST_CHAIN: usize = 64;

/// A file of the document; the first one is the root.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) address: Address,
    pub(super) value: Value,
    pub(super) names: Names,
}

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Not looked up yet.
    Open,
    /// It stays as it is written.
    Untouched,
    /// To this node.
    Node(usize, Pointer),
    /// Into this file, but to nothing there.
    Nothing(usize, Pointer),
    /// Into a file that cannot be had: its name, and the pointer inside.
    Unread(String, Pointer),
}

/// Why some references cannot be followed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) reason: String,
    pub(super) hint: Option<String>,
    /// The first reference of the kind.
    pub(super) site: usize,
    /// How many more there are.
    pub(super) more: usize,
}

/// Why a file is not there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Cause {
    pub(super) reason: String,
    pub(super) hint: Option<String>,
}

enum Slot {
    Wanted,
    Loaded(usize),
    Failed(Cause),
}

/// The files of a document.
pub(super) struct Tree {
    pub(super) home: Home,
    pub(super) files: Vec<Leaf>,
    pub(super) walked: Walked,
    /// For each site where it leads.
    pub(super) targets: Vec<Target>,
    /// In the order in which they were met.
    pub(super) failures: Vec<Failure>,
    told: HashMap<Cause, usize>,
    slots: HashMap<Address, Slot>,
    wanted: Vec<Address>,
    known: HashMap<(usize, String), Result<Address, Cause>>,
    /// The first site whose target was not looked up yet.
    next: usize,
    /// Sites that wait for a file.
    waiting: Vec<usize>,
}

enum Stop {
    Wants,
    Failed(Cause, String, Pointer),
}

impl Tree {
    /// A document that consists of its root.
    pub(super) fn new(home: Home, root: Value) -> Self {
        let address = home.address.clone();
        let mut walked = Walked::default();
        walked.walk(0, &root, &Pointer::root(), Role::Document);
        let names = Names::of(&root);
        Self {
            home,
            slots: HashMap::from([(address.clone(), Slot::Loaded(0))]),
            files: vec![Leaf { address, value: root, names }],
            walked,
            targets: Vec::new(),
            failures: Vec::new(),
            told: HashMap::new(),
            wanted: Vec::new(),
            known: HashMap::new(),
            next: 0,
            waiting: Vec::new(),
        }
    }

    /// Follows every reference as far as the files at hand allow; gives the files that are needed to go on.
    pub(super) fn follow(&mut self) -> Vec<Address> {
        for site in std::mem::take(&mut self.waiting) {
            self.settle(site);
        }
        while self.next < self.walked.sites.len() {
            self.targets.push(Target::Open);
            self.next += 1;
            self.settle(self.next - 1);
        }
        std::mem::take(&mut self.wanted)
    }

    /// Takes a file in that was asked for.
    pub(super) fn add(&mut self, address: Address, value: Value) {
        let names = Names::of(&value);
        self.slots.insert(address.clone(), Slot::Loaded(self.files.len()));
        self.files.push(Leaf { address, value, names });
    }

    /// Goes on without a file that was asked for.
    pub(super) fn give_up(&mut self, address: Address, cause: Cause) {
        self.slots.insert(address, Slot::Failed(cause));
    }

    /// Goes on without any of the files that were asked for and did not come.
    pub(super) fn give_up_waiting(&mut self, cause: &Cause) {
        for slot in self.slots.values_mut().filter(|slot| matches!(slot, Slot::Wanted)) {
            *slot = Slot::Failed(cause.clone());
        }
    }

    /// The pointer in the document that all files make together.
    pub(super) fn in_whole(&self, file: usize, at: &Pointer) -> Pointer {
        match file {
            0 => at.clone(),
            file => Pointer::to_file(&Home::name(&self.files[file].address)).join(at),
        }
    }

    fn settle(&mut self, index: usize) {
        let site = &self.walked.sites[index];
        let (file, at, role, written) = (site.file, site.at.clone(), site.role, site.written.clone());
        if self.stays(file, &at, &written) {
            self.targets[index] = Target::Untouched;
            return;
        }
        self.targets[index] = match self.locate(file, &at, &written) {
            Err(Stop::Wants) => {
                self.waiting.push(index);
                return;
            }
            Err(Stop::Failed(cause, name, inner)) => {
                self.fail(index, cause);
                Target::Unread(name, inner)
            }
            Ok((file, to)) => match self.files[file].value.pointer(to.as_str()) {
                Some(node) => {
                    self.walked.walk(file, node, &to, role);
                    Target::Node(file, to)
                }
                None => Target::Nothing(file, to),
            },
        };
    }

    /// Whether a reference of the root is none of our business: it names a schema there by anchor or `$id`.
    fn stays(&self, file: usize, at: &Pointer, written: &str) -> bool {
        let (path, fragment) = split(written);
        if file > 0 {
            return false;
        }
        let is_anchor = path.is_empty() && !fragment.is_empty() && !fragment.starts_with('/');
        is_anchor || (!path.is_empty() && self.files[0].names.by_id(at, path).is_some())
    }

    pub(super) fn fail(&mut self, site: usize, cause: Cause) {
        if let Some(known) = self.told.get(&cause) {
            self.failures[*known].more += 1;
            return;
        }
        let Cause { reason, hint } = cause.clone();
        self.told.insert(cause, self.failures.len());
        self.failures.push(Failure { reason, hint, site, more: 0 });
    }

    /// Where a reference leads, through other references if need be. The node need not be there.
    fn locate(&mut self, file: usize, at: &Pointer, written: &str) -> Result<(usize, Pointer), Stop> {
        let (mut file, mut to) = self.land(file, at, written)?;
        for _ in 0..LONGEST_CHAIN {
            let Some((passed, rest)) = passes(&self.files[file].value, &to) else { break };
            let reference = self.files[file].value.pointer(passed.as_str());
            let reference = reference.and_then(|node| node.get("$ref")).and_then(Value::as_str);
            let Some(reference) = reference.map(str::to_owned) else { break };
            let (next, landed) = self.land(file, &passed, &reference)?;
            (file, to) = (next, landed.join(&rest));
        }
        Ok((file, to))
    }

    /// File and pointer that a reference names by its own words.
    fn land(&mut self, file: usize, at: &Pointer, written: &str) -> Result<(usize, Pointer), Stop> {
        let (path, fragment) = split(written);
        if path.is_empty() {
            let names = &self.files[file].names;
            // Inside a schema with an `$id` of its own, pointers begin there.
            if let (true, Some((_, base))) = (file > 0, names.resource(at))
                && let Some(inner) = Pointer::parse(&decoded(fragment))
                && self.files[file].value.pointer(base.join(&inner).as_str()).is_some()
            {
                return Ok((file, base.join(&inner)));
            }
            return Ok((file, self.inner(file, fragment)));
        }
        if file > 0
            && let Some(base) = self.files[file].names.by_id(at, path).cloned()
        {
            return Ok((file, base.join(&Pointer::parse(&decoded(fragment)).unwrap_or_default())));
        }
        let inner = || Pointer::parse(&decoded(fragment)).unwrap_or_default();
        let key = (file, path.to_owned());
        let address = if let Some(known) = self.known.get(&key) {
            known.clone()
        } else {
            let resolved = self.home.resolve(&self.files[file].address, path);
            let cause = |refusal: Refusal| Cause { reason: refusal.reason, hint: Some(refusal.hint) };
            let resolved = resolved.map_err(cause);
            self.known.insert(key, resolved.clone());
            resolved
        };
        let address = address.map_err(|cause| Stop::Failed(cause, shown(path), inner()))?;
        match self.slots.get(&address) {
            Some(Slot::Loaded(file)) => {
                let file = *file;
                Ok((file, self.inner(file, fragment)))
            }
            Some(Slot::Failed(cause)) => Err(Stop::Failed(cause.clone(), Home::name(&address), inner())),
            Some(Slot::Wanted) => Err(Stop::Wants),
            None => {
                self.wanted.push(address.clone());
                self.slots.insert(address, Slot::Wanted);
                Err(Stop::Wants)
            }
        }
    }

    /// The pointer that a fragment means in a file.
    fn inner(&self, file: usize, fragment: &str) -> Pointer {
        let fragment = decoded(fragment);
        Pointer::parse(&fragment).unwrap_or_else(|| {
            let anchored = self.files[file].names.by_anchor(&fragment).cloned();
            anchored.unwrap_or_else(|| Pointer::root().push(fragment))
        })
    }
}

/// A reference without its fragment, and the fragment.
fn split(written: &str) -> (&str, &str) {
    written.split_once('#').unwrap_or((written, ""))
}

fn decoded(fragment: &str) -> String {
    percent_encoding::percent_decode_str(fragment).decode_utf8_lossy().into_owned()
}

/// The first node on the way to `to` that is a reference without the wanted member, and the rest of the way.
fn passes(value: &Value, to: &Pointer) -> Option<(Pointer, Pointer)> {
    let mut node = value;
    let mut at = Pointer::root();
    let tokens = to.tokens();
    for (index, token) in tokens.iter().enumerate() {
        let child = match node {
            Value::Object(members) => members.get(token),
            Value::Array(items) => token.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => None,
        };
        match child {
            Some(child) => {
                node = child;
                at = at.push(token);
            }
            None if node.get("$ref").is_some_and(Value::is_string) => {
                let rest = tokens[index..].iter().fold(Pointer::root(), |rest, token| rest.push(token));
                return Some((at, rest));
            }
            None => return None,
        }
    }
    None
}
