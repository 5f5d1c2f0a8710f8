//! Futures that are run to their end, whoever stops waiting.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

/// A future that whoever drops it halfway leaves to a task of its own. As long as it is waited
/// for, it runs where it is waited for: a task for each would cost more than most of them do.
pub(crate) struct ToEnd<T: Send + 'static>(State<T>);

enum State<T> {
    /// Nothing has been done yet, so nothing is lost when it is dropped.
    New(Pin<Box<dyn Future<Output = T> + Send>>),
    Begun(Pin<Box<dyn Future<Output = T> + Send>>),
    Over,
}

impl<T: Send + 'static> ToEnd<T> {
    /// Runs `future` to its end, once it has begun.
    pub(crate) fn new(future: impl Future<Output = T> + Send + 'static) -> Self {
        Self(State::New(Box::pin(future)))
    }
}

impl<T: Send + 'static> Future for ToEnd<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut future = match mem::replace(&mut self.0, State::Over) {
            State::New(future) | State::Begun(future) => future,
            // Asking again after the end is against the rules of futures.
            State::Over => return Poll::Pending,
        };
        let polled = future.as_mut().poll(context);
        if polled.is_pending() {
            self.0 = State::Begun(future);
        }
        polled
    }
}

impl<T: Send + 'static> Drop for ToEnd<T> {
    fn drop(&mut self) {
        let State::Begun(future) = mem::replace(&mut self.0, State::Over) else { return };
        // Without a runtime, nothing can go on any more.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(future);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_has_begun_goes_on_when_nobody_waits_any_more() {
        let (go_on, told) = oneshot::channel::<()>();
        let (done, end) = oneshot::channel();
        let mut work = ToEnd::new(async {
            told.await.unwrap();
            done.send("done").unwrap();
        });
        std::future::poll_fn(|context| {
            assert!(Pin::new(&mut work).poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(work);
        go_on.send(()).unwrap();
        assert_eq!(end.await, Ok("done"));
    }

    #[tokio::test]
    async fn what_is_waited_for_answers() {
        assert_eq!(ToEnd::new(async { 7 }).await, 7);
    }

    #[tokio::test]
    async fn what_has_not_begun_does_not_begin() {
        let (done, end) = oneshot::channel();
        drop(ToEnd::new(async { done.send(()).unwrap() }));
        assert!(end.await.is_err());
    }
}
