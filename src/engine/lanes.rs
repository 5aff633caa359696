//! Many at once, handed on in the order in which they were asked for.
//!
//! A slow answer holds up nobody: what stands behind it is sent meanwhile, and waits to be handed on. Where a clock runs,
//! those that are known to be slow have at most half of the lanes as long as others wait. What is sent never depends on
//! any of it, only when.

use crate::engine::EngineOptions;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;

/// How many answers per lane may wait for an earlier one.
const AHEAD: usize = 16;
/// The same where a clock runs: as good as all.
const AHEAD_OF_CLOCK: usize = 65_536;
/// So many microseconds on the average make a group slow.
const SLOW: u64 = 1_000_000;

/// What one answer says of its group and of the target.
pub(super) struct Told {
    /// How long it took, in microseconds.
    pub(super) took: u64,
    /// Whether it looks as if the target were ill.
    pub(super) is_troubled: bool,
}

/// How many lanes there are, and how they are shared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Width {
    /// How many run at once.
    pub(super) lanes: usize,
    /// Whether a clock runs.
    pub(super) is_timed: bool,
}

impl Width {
    /// What a night has.
    pub(super) fn of(options: &EngineOptions) -> Self {
        Self { lanes: options.workers.max(1), is_timed: options.max_time.is_some() }
    }

    /// How many may be answered before an earlier one is.
    pub(super) fn ahead(self) -> usize {
        self.lanes * if self.is_timed { AHEAD_OF_CLOCK } else { AHEAD }
    }
}

/// Something to be done for a group, and what became of it.
pub(super) struct Lanes<J, O, F, S> {
    width: Width,
    start: S,
    waiting: VecDeque<(u64, usize, J)>,
    running: FuturesUnordered<F>,
    /// The groups of those that run.
    groups: BTreeMap<u64, usize>,
    arrived: BTreeMap<u64, O>,
    /// The number that is handed on next.
    turn: u64,
    /// Per group: how many were answered, and how long that took in all.
    pace: BTreeMap<usize, (u64, u64)>,
    /// How many of the last in a row were troubled.
    troubled: usize,
}

impl<J, O, F, S> Lanes<J, O, F, S>
where
    F: Future<Output = (u64, usize, O, Told)>,
    S: Fn(u64, usize, J) -> F,
{
    /// `jobs` are pairs of a group and what is to be done; `start` does it, and gives number and group back.
    pub(super) fn new(width: Width, jobs: Vec<(usize, J)>, start: S) -> Self {
        let waiting = jobs.into_iter().zip(0..).map(|((group, job), number)| (number, group, job)).collect();
        Self {
            width,
            start,
            waiting,
            running: FuturesUnordered::new(),
            groups: BTreeMap::new(),
            arrived: BTreeMap::new(),
            turn: 0,
            pace: BTreeMap::new(),
            troubled: 0,
        }
    }

    /// The next one in order. At most `room` more than were handed on are begun. `None` if nothing is left or there is no
    /// room. May be dropped while it waits: nothing is lost.
    pub(super) async fn next(&mut self, room: u64) -> Option<O> {
        loop {
            if let Some(one) = self.arrived.remove(&self.turn) {
                self.turn += 1;
                return Some(one);
            }
            self.fill(room);
            self.arrive().await?;
        }
    }

    /// One more that runs has ended, if any does.
    async fn arrive(&mut self) -> Option<()> {
        let (number, group, one, told) = self.running.next().await?;
        self.groups.remove(&number);
        let pace = self.pace.entry(group).or_default();
        *pace = (pace.0 + 1, pace.1 + told.took);
        self.troubled = if told.is_troubled { self.troubled + 1 } else { 0 };
        self.arrived.insert(number, one);
        Some(())
    }

    /// Nothing more is begun; waits for what still runs. May be dropped while it waits.
    pub(super) async fn finish(&mut self) {
        self.waiting.clear();
        while self.arrive().await.is_some() {}
    }

    /// What arrived and was not handed on, in order.
    pub(super) fn rest(&mut self) -> Vec<O> {
        std::mem::take(&mut self.arrived).into_values().collect()
    }

    fn fill(&mut self, room: u64) {
        let end = self.turn.saturating_add(self.width.ahead() as u64);
        while self.running.len() < self.width.lanes
            && ((self.running.len() + self.arrived.len()) as u64) < room
        {
            // Whether an ill target is waited for is decided in order: nothing runs ahead of that.
            let is_ill = self.troubled > self.width.lanes + 1;
            if is_ill && !self.running.is_empty() {
                return;
            }
            let place = if is_ill { Some(0) } else { self.chosen(end) };
            let Some((number, group, job)) = place.and_then(|place| self.waiting.remove(place)) else {
                return;
            };
            self.groups.insert(number, group);
            self.running.push((self.start)(number, group, job));
        }
    }

    /// Which of those that wait is begun: the first, or the first that is not slow where the slow have their half.
    fn chosen(&self, end: u64) -> Option<usize> {
        let (first, _, _) = self.waiting.front()?;
        if *first >= end {
            return None;
        }
        let slow = self.groups.values().filter(|group| self.is_slow(**group)).count();
        if !self.width.is_timed || slow < self.width.lanes / 2 {
            return Some(0);
        }
        let mut near = self.waiting.iter().take_while(|(number, _, _)| *number < end);
        Some(near.position(|(_, group, _)| !self.is_slow(*group)).unwrap_or(0))
    }

    fn is_slow(&self, group: usize) -> bool {
        self.pace.get(&group).is_some_and(|(count, took)| *took > count * SLOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;
    use tokio::sync::Semaphore;

    /// Plays jobs of groups: group 9 is slow and ends only when the bell rings, others end at once.
    async fn play(width: Width, groups: &[usize], handed: usize) -> (Vec<usize>, Vec<usize>) {
        let begun = Rc::new(RefCell::new(Vec::new()));
        let bell = Rc::new(Semaphore::new(0));
        let jobs = groups.iter().enumerate().map(|(at, group)| (*group, at)).collect();
        let start = |number: u64, group: usize, job: usize| {
            let (begun, bell) = (Rc::clone(&begun), Rc::clone(&bell));
            async move {
                begun.borrow_mut().push(job);
                if group == 9 {
                    bell.acquire().await.expect("open").forget();
                }
                let took = if group == 9 { 5 * SLOW } else { 1 };
                (number, group, job, Told { took, is_troubled: group == 8 })
            }
        };
        let mut lanes = Lanes::new(width, jobs, start);
        let mut order = Vec::new();
        while order.len() < handed {
            let next = tokio::select! {
                biased;
                next = lanes.next(u64::MAX) => next,
                () = std::future::ready(()) => {
                    bell.add_permits(1);
                    continue;
                }
            };
            match next {
                Some(job) => order.push(job),
                None => break,
            }
        }
        let begun = begun.borrow().clone();
        (order, begun)
    }

    #[tokio::test]
    async fn answers_come_in_order_and_a_slow_one_holds_up_nobody() {
        let groups = [9, 1, 2, 9, 3, 1, 2, 9, 3, 1];
        for lanes in [1, 2, 4] {
            for is_timed in [false, true] {
                let (order, mut begun) = play(Width { lanes, is_timed }, &groups, usize::MAX).await;
                assert_eq!(order, (0..10).collect::<Vec<_>>(), "{lanes} {is_timed}");
                begun.sort_unstable();
                assert_eq!(begun, (0..10).collect::<Vec<_>>(), "{lanes} {is_timed}");
            }
        }
        let (_, begun) = play(Width { lanes: 2, is_timed: false }, &groups, 1).await;
        assert!(begun.len() > 3, "{begun:?}");
    }

    #[tokio::test]
    async fn where_a_clock_runs_the_slow_leave_lanes_to_others() {
        let groups = [9, 1, 9, 9, 9, 9, 1, 1, 1, 1];
        // Once the first of them was slow, only one of two lanes is theirs.
        let (_, begun) = play(Width { lanes: 2, is_timed: true }, &groups, 3).await;
        let fast = begun.iter().filter(|at| groups[**at] == 1).count();
        assert_eq!(fast, 5, "{begun:?}");
        let (_, begun) = play(Width { lanes: 2, is_timed: false }, &groups, 3).await;
        let fast = begun.iter().filter(|at| groups[**at] == 1).count();
        assert!(fast < 5, "{begun:?}");
    }

    #[tokio::test]
    async fn nothing_runs_ahead_of_an_ill_target_or_of_the_budget() {
        let ill = [vec![9], vec![8; 20]].concat();
        let (_, begun) = play(Width { lanes: 2, is_timed: true }, &ill, 1).await;
        assert!(begun.len() <= 6, "{begun:?}");
        let jobs = (0..10).map(|at| (at, at)).collect();
        let start = |number: u64, group: usize, job: usize| async move {
            (number, group, job, Told { took: 1, is_troubled: false })
        };
        let mut lanes = Lanes::new(Width { lanes: 4, is_timed: false }, jobs, start);
        for room in [3, 2, 1] {
            assert!(lanes.next(room).await.is_some());
        }
        assert_eq!(lanes.next(0).await, None);
        assert_eq!(lanes.rest(), Vec::<usize>::new());
    }

    #[tokio::test]
    async fn what_arrived_behind_one_that_did_not_is_not_lost() {
        let jobs = vec![(9, 0), (1, 1), (1, 2)];
        let start = |number: u64, group: usize, job: usize| async move {
            if group == 9 {
                std::future::pending::<()>().await;
            }
            (number, group, job, Told { took: 1, is_troubled: false })
        };
        let mut lanes = Lanes::new(Width { lanes: 2, is_timed: false }, jobs, start);
        tokio::select! {
            biased;
            _ = lanes.next(u64::MAX) => panic!("the first never ends"),
            () = tokio::task::yield_now() => {}
        }
        tokio::select! {
            biased;
            () = lanes.finish() => panic!("the first never ends"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(lanes.rest(), [1, 2]);
    }
}
