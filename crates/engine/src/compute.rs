//! The threads that compute.
//!
//! They are threads of their own, of lower priority than the others of the process: while every
//! core computes, the system lets a thread that answers a request go first, and does not make it
//! wait for the end of a slice. As long as a core has nothing else to do, computing loses nothing.

use std::sync::Arc;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

/// How much less they press than others, as the system counts. With this, a thread gets about a
/// tenth of the time of another one that wants the same core, so requests alone never bring
/// training to a stop.
#[cfg(target_os = "linux")]
const PATIENCE: i32 = 10;
/// The most that the system knows of that.
#[cfg(target_os = "linux")]
const MOST_PATIENT: i32 = 19;

/// Threads that compute. They begin when there is work for them, and end when it is over.
#[derive(Debug, Clone)]
pub(crate) struct Compute {
    handle: Handle,
    _threads: Arc<Threads>,
}

/// A runtime that lends nothing but its threads.
#[derive(Debug)]
struct Threads(Option<Runtime>);

impl Compute {
    /// At most so many threads at the same time.
    ///
    /// # Errors
    /// When the system has nothing left for them.
    pub(crate) fn new(threads: usize) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(threads)
            .thread_name("compute")
            .on_thread_start(give_way)
            .build()?;
        let handle = runtime.handle().clone();
        Ok(Self { handle, _threads: Arc::new(Threads(Some(runtime))) })
    }

    /// Runs `work` on one of the threads.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        self.handle.spawn_blocking(work)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Waiting for the threads here could hold up those who answer.
            runtime.shutdown_background();
        }
    }
}

/// Lowers the priority of this thread. Where the system has no priority for a single thread, all
/// stay alike.
fn give_way() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{getpriority_process, setpriority_process};

        let thread = Some(rustix::thread::gettid());
        let lowered = getpriority_process(thread).and_then(|niceness| {
            setpriority_process(thread, (niceness + PATIENCE).min(MOST_PATIENT))
        });
        if let Err(error) = lowered {
            tracing::warn!(%error, "a computing thread keeps its priority");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn computing_threads_give_way_and_others_do_not() {
        let niceness = || {
            let thread = rustix::thread::gettid();
            rustix::process::getpriority_process(Some(thread)).unwrap()
        };
        let before = niceness();
        let compute = Compute::new(1).unwrap();
        let inside = compute.run(niceness).await.unwrap();
        assert_eq!(inside, (before + PATIENCE).min(MOST_PATIENT));
        assert_eq!(niceness(), before);
        assert_eq!(tokio::task::spawn_blocking(niceness).await.unwrap(), before);
    }
}
