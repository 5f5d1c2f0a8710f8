//! Trials that do many things beside each other.

use anyhow::Result;

/// Lets so many threads `work`; answers what each came to, or the first error.
pub(super) fn beside_each_other<T: Send>(
    threads: u64,
    work: impl Fn() -> Result<T> + Sync,
) -> Result<Vec<T>> {
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        let ended = running.into_iter().map(|thread| match thread.join() {
            Ok(ended) => ended,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        ended.collect()
    })
}
