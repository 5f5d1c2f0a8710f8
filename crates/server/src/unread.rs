//! What is left of a request's body when its answer is ready.
//!
//! A client whose token has expired, for example, is refused before its body has arrived. If the
//! rest were left lying, hyper would close the connection after an answer which says that it stays
//! open, and the next request on it, a log-in, would be lost. So a rest that is short and comes soon
//! is read and thrown away; after any other, the answer says that the connection is closed.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Error;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::{CONNECTION, EXPECT};
use axum::http::{HeaderValue, Version};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt;
use http_body::{Frame, SizeHint};
use parking_lot::Mutex;

/// The longest rest that is read, in bytes: more than what clients send of a file at a time.
const LONGEST: u64 = 8 << 20;

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a body lies once nobody reads it any more.
type Left = Arc<Mutex<Option<Body>>>;

/// Answers a request in such a way that the next one on its connection is not lost.
pub(crate) async fn read_rest(request: Request, next: Next) -> Response {
    // Over HTTP/2 one request does not stand in the way of others.
    if request.body().is_end_stream() || request.version() > Version::HTTP_11 {
        return next.run(request).await;
    }
    // Such a client would only send the rest because it is read.
    let waits = request.headers().contains_key(EXPECT);
    let left = Left::default();
    let request = request.map(|body| Body::new(Lent { body, left: left.clone() }));
    let mut answer = next.run(request).await;
    let rest = left.lock().take();
    if let Some(rest) = rest
        && !rest.is_end_stream()
        && (waits || !ends_soon(rest).await)
    {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

/// Reads a body, if it is short and comes soon; says whether it has ended.
async fn ends_soon(body: Body) -> bool {
    if body.size_hint().lower() > LONGEST {
        return false;
    }
    let reading = async {
        let mut pieces = pin!(body.into_data_stream());
        let mut length = 0;
        while let Some(Ok(piece)) = pieces.next().await {
            length += piece.len() as u64;
            if length > LONGEST {
                return false;
            }
        }
        true
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap_or(false)
}

/// A body that is given back when its reader drops it.
struct Lent {
    body: Body,
    left: Left,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        *self.left.lock() = Some(std::mem::take(&mut self.body));
    }
}
