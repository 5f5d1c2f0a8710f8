//! Connections of HTTP/2 on which nothing happens.
//!
//! Over HTTP/1, hyper closes a connection that asks for nothing; over HTTP/2 it keeps one as long as the
//! client answers pings. Here each connection of HTTP/2 knows when it was last of use: something was
//! asked or worked at on it, or some of an answer went out. It counts as worked at while a handler
//! runs, and while an answer waits for what it is made of; not while it waits for the client to make
//! room. A ping changes nothing.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Error;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Version};
use axum::response::Response;
use futures_util::future::{BoxFuture, Either, FutureExt};
use http_body::{Frame, SizeHint};
use parking_lot::Mutex;
use tokio::time::Instant;
use tower::Service;

/// Bytes that only an answer takes when they are written at once. The answer to a ping is shorter; dozens of
/// pings at once look like more, which is no worse than a request.
const PART_OF_AN_ANSWER: usize = 512;

/// What happens on a connection. Clones are of the same one.
#[derive(Clone, Debug)]
pub(crate) struct Activity(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    /// Whether it was asked over HTTP/2; of others nothing is known.
    http2: bool,
    /// Requests that are worked at.
    working: usize,
    /// When it was last of use.
    last: Instant,
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { http2: false, working: 0, last: Instant::now() })))
    }

    /// How long nothing has happened on a connection of HTTP/2; of others, nothing.
    pub(crate) fn silence(&self) -> Option<Duration> {
        let state = self.0.lock();
        let silence = if state.working == 0 { state.last.elapsed() } else { Duration::ZERO };
        state.http2.then_some(silence)
    }

    /// So many bytes were written at once.
    pub(crate) fn wrote(&self, bytes: usize) {
        if bytes >= PART_OF_AN_ANSWER {
            self.0.lock().last = Instant::now();
        }
    }

    /// Work at a request of HTTP/2 begins; it ends when what is given is dropped.
    fn work(&self) -> Work {
        let mut state = self.0.lock();
        state.http2 = true;
        state.working += 1;
        Work(self.clone())
    }
}

/// Work at a request.
#[derive(Debug)]
struct Work(Activity);

impl Drop for Work {
    fn drop(&mut self) {
        let mut state = self.0.0.lock();
        state.working -= 1;
        state.last = Instant::now();
    }
}

/// What answers the requests of a connection, and tells its [`Activity`].
#[derive(Clone, Debug)]
pub(crate) struct Answering<S> {
    service: S,
    activity: Activity,
}

impl<S> Answering<S> {
    pub(crate) fn new(service: S, activity: Activity) -> Self {
        Self { service, activity }
    }
}

impl<S, B> Service<Request<B>> for Answering<S>
where
    S: Service<Request<B>, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<S::Future, BoxFuture<'static, Result<Response, Infallible>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if request.version() != Version::HTTP_2 {
            return Either::Left(self.service.call(request));
        }
        let work = self.activity.work();
        let answer = self.service.call(request);
        let answered = async move {
            let answer = answer.await?;
            let activity = work.0.clone();
            Ok(answer.map(|body| Body::new(Watched { body, activity, work: Some(work) })))
        };
        Either::Right(answered.boxed())
    }
}

/// The body of an answer. It is worked at from the moment that the client has room for more until there
/// is more.
struct Watched {
    body: Body,
    activity: Activity,
    work: Option<Work>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.work.is_none() {
            self.work = Some(self.activity.work());
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.work = None;
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
