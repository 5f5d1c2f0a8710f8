//! What goes wrong in a crew ends where it should.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::crew::{Crew, Hands};
use crate::kernel::Kernel;

/// Leads a crew of this thread and another one through `work` on each of so many parts, in which the
/// helper is there from the beginning.
fn lead(parts: &mut [usize], work: impl Fn(&mut usize) + Sync) -> thread::Result<()> {
    let crew = Crew::default();
    thread::scope(|scope| {
        scope.spawn(|| {
            while !crew.is_dismissed() {
                crew.help();
            }
        });
        while crew.helpers() == 0 {
            thread::yield_now();
        }
        let hands = Hands { kernel: Kernel::best(), crew: Some(&crew) };
        let done = catch_unwind(AssertUnwindSafe(|| {
            hands.each(parts.iter_mut(), |part| work(part));
        }));
        crew.dismiss();
        done
    })
}

fn waits_for(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {
        thread::yield_now();
    }
}

#[test]
fn every_part_is_done_once_and_by_both() {
    let leader = thread::current().id();
    let helps = AtomicBool::new(false);
    let mut parts = vec![0; 100];
    lead(&mut parts, |part| {
        if thread::current().id() == leader {
            waits_for(&helps);
        } else {
            helps.store(true, Ordering::Release);
        }
        *part += 1;
    })
    .unwrap();
    assert!(parts.iter().all(|&part| part == 1));
}

#[test]
fn a_helper_that_panics_makes_the_leader_panic() {
    let leader = thread::current().id();
    let helps = AtomicBool::new(false);
    let panic = lead(&mut [0; 100], |_| {
        if thread::current().id() == leader {
            waits_for(&helps);
        } else {
            helps.store(true, Ordering::Release);
            panic!("a helper");
        }
    })
    .unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"a helper"));
}

#[test]
fn a_leader_that_panics_waits_until_its_helper_is_done() {
    let leader = thread::current().id();
    let helps = AtomicBool::new(false);
    let done = AtomicUsize::new(0);
    let begun = AtomicUsize::new(0);
    let panic = lead(&mut [0; 100], |_| {
        if thread::current().id() == leader {
            waits_for(&helps);
            panic!("the leader");
        }
        begun.fetch_add(1, Ordering::Relaxed);
        helps.store(true, Ordering::Release);
        thread::sleep(std::time::Duration::from_millis(1));
        done.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"the leader"));
    assert_eq!(done.into_inner(), begun.into_inner());
}

#[test]
fn without_helpers_the_leader_does_it_all() {
    let crew = Crew::default();
    let hands = Hands { kernel: Kernel::best(), crew: Some(&crew) };
    let mut parts = vec![0; 100];
    hands.each(parts.iter_mut(), |part| **part += 1);
    assert!(parts.iter().all(|&part| part == 1));
}
