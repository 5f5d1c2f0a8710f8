//! Several threads that compute one step together.
//!
//! What a step does to a block of neurons touches nothing of other blocks. So the blocks of a brick are
//! dealt out to whoever is there, and each is computed in full by one thread: the bits are the same
//! however many threads there are and whoever takes what. The thread that takes the step leads: it alone
//! draws chance, lets sections grow, and goes on to the next brick when all blocks are done.
//!
//! This crate starts no threads. Others may lend theirs ([`Crew::help`]) and go when they like; the
//! leader never waits for one that is not there, only for what one has begun.
//!
//! Invariants:
//! - `work` is there only while the leader is inside [`Crew::run`].
//! - A helper counts as `inside` from before it has left the lock that it found `work` under until it is
//!   done with it, and [`Crew::run`] does not end, not even by a panic, as long as one is inside.

#![allow(unsafe_code)]

use std::any::Any;
use std::fmt::{self, Debug, Formatter};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::kernel::Kernel;

/// How often a thread looks whether it may go on before it lets others have its core for a moment.
const LOOKS: usize = 1 << 10;
/// How many such moments a helper stays without work: a millisecond or so on an idle machine.
const MOMENTS: usize = 1 << 7;
/// How many the leader waits for what a helper has begun before it takes the machine for a busy one: far
/// longer than a block takes.
const STALL: usize = 1 << 4;

/// From which end of a list of parts a thread takes the next ones: so that in each step of a network
/// the same blocks come to the same core, which has them in its cache.
#[derive(Clone, Copy)]
enum End {
    Front,
    Back,
}

type Work = dyn Fn(End) + Sync;

/// Threads that compute a network's steps together; see
/// [`Network::set_crew`](crate::Network::set_crew).
#[derive(Default)]
pub struct Crew {
    /// What there is to do at present.
    work: Mutex<Option<&'static Work>>,
    /// Counts what there was to do.
    turn: AtomicUsize,
    /// Helpers that are doing it.
    inside: AtomicUsize,
    /// Helpers that are there.
    helpers: AtomicUsize,
    dismissed: AtomicBool,
    stalled: AtomicBool,
    /// What a helper panicked with.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Debug for Crew {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crew").field("helpers", &self.helpers).finish_non_exhaustive()
    }
}

impl Crew {
    /// Lends this thread until the crew is dismissed, or has had nothing to do for about a millisecond.
    /// It keeps its core busy all the while. A panic of what it computes becomes one of the leader.
    pub fn help(&self) {
        let _here = Counted::add(&self.helpers);
        let mut seen = self.turn.load(Ordering::Acquire);
        loop {
            self.take_part();
            let Some(turn) = self.next_turn(seen) else { return };
            seen = turn;
        }
    }

    /// Lets the helpers go, and those who come later at once.
    pub fn dismiss(&self) {
        self.dismissed.store(true, Ordering::Release);
    }

    /// Whether the leader had to wait for long, as a helper's core was taken from it amid its work. Such
    /// a crew dismisses itself: on a busy machine one gets on better alone.
    #[must_use]
    pub fn has_stalled(&self) -> bool {
        self.stalled.load(Ordering::Relaxed)
    }

    /// Whether the helpers were let go.
    #[must_use]
    pub fn is_dismissed(&self) -> bool {
        self.dismissed.load(Ordering::Acquire)
    }

    /// Helpers that are there now.
    #[must_use]
    pub fn helpers(&self) -> usize {
        self.helpers.load(Ordering::Relaxed)
    }

    /// Waits for something to do after the turn that was `seen`; none when it is time to go.
    fn next_turn(&self, seen: usize) -> Option<usize> {
        for _ in 0..MOMENTS {
            for _ in 0..LOOKS {
                if self.is_dismissed() {
                    return None;
                }
                let turn = self.turn.load(Ordering::Acquire);
                if turn != seen {
                    return Some(turn);
                }
                std::hint::spin_loop();
            }
            std::thread::yield_now();
        }
        None
    }

    /// Does what there is to do, if anything.
    fn take_part(&self) {
        let (work, _inside) = {
            let work = lock(&self.work);
            let Some(work) = *work else { return };
            (work, Counted::add(&self.inside))
        };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(End::Back))) {
            *lock(&self.panic) = Some(panic);
        }
    }

    /// Does `work` here and on every thread that takes part, and ends when all have ended.
    fn run(&self, work: &(dyn Fn(End) + Sync)) {
        // SAFETY: a reference that lives as long as `work` is passed off as one that lives for ever. It
        // is only used by helpers that are inside, and `Shown` is dropped before `work` ends, which
        // takes the reference back and waits until nobody is inside.
        let forever = unsafe { std::mem::transmute::<&(dyn Fn(End) + Sync), &'static Work>(work) };
        let shown = Shown::new(self, forever);
        work(End::Front);
        drop(shown);
        if let Some(panic) = lock(&self.panic).take() {
            resume_unwind(panic);
        }
    }

    /// Does `work` with each of the parts, in any order.
    fn share<T: Send>(&self, parts: &mut [T], work: impl Fn(&mut T) + Sync) {
        let threads = 1 + self.helpers();
        let left = Mutex::new(parts);
        self.run(&|end| {
            loop {
                let mine = take(&left, end, threads);
                if mine.is_empty() {
                    return;
                }
                mine.iter_mut().for_each(&work);
            }
        });
    }
}

/// Takes half of one thread's share of what is left: all end at about the same time, and few takes lead
/// there.
fn take<'a, T>(left: &Mutex<&'a mut [T]>, end: End, threads: usize) -> &'a mut [T] {
    let mut left = lock(left);
    let parts = std::mem::take(&mut *left);
    let count = parts.len().div_ceil(2 * threads);
    let (mine, others) = match end {
        End::Front => parts.split_at_mut(count),
        End::Back => {
            let (others, mine) = parts.split_at_mut(parts.len() - count);
            (mine, others)
        }
    };
    *left = others;
    mine
}

/// Work that helpers can see, until dropped.
struct Shown<'a>(&'a Crew);

impl<'a> Shown<'a> {
    fn new(crew: &'a Crew, work: &'static Work) -> Self {
        *lock(&crew.work) = Some(work);
        crew.turn.fetch_add(1, Ordering::Release);
        Self(crew)
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        *lock(&self.0.work) = None;
        let mut looks = 0usize;
        while self.0.inside.load(Ordering::Acquire) > 0 {
            looks += 1;
            if looks == STALL * LOOKS {
                self.0.stalled.store(true, Ordering::Relaxed);
                self.0.dismiss();
            }
            if looks.is_multiple_of(LOOKS) {
                std::thread::yield_now();
            } else {
                std::hint::spin_loop();
            }
        }
    }
}

/// Counts as one until dropped.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn add(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}

/// Nothing that these locks guard is half done when a thread panics.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a step is computed with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hands<'a> {
    pub(crate) kernel: Kernel,
    /// Who helps, if anybody may.
    pub(crate) crew: Option<&'a Crew>,
}

impl Hands<'_> {
    /// Does `work` with each of the parts; the order must not matter.
    pub(crate) fn each<T: Send>(
        self,
        parts: impl Iterator<Item = T>,
        work: impl Fn(&mut T) + Sync,
    ) {
        match self.crew {
            None => parts.for_each(|mut part| work(&mut part)),
            Some(crew) => {
                let mut parts: Vec<T> = parts.collect();
                match &mut parts[..] {
                    [part] => work(part),
                    parts => crew.share(parts, work),
                }
            }
        }
    }
}
