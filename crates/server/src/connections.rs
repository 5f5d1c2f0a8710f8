//! Connections: so many at a time, and none that takes no answer for ever.
//!
//! Each holds a permit as long as it is open, websockets too. One too many is told so, if it speaks
//! plain HTTP, and closed. A client that makes no room for what is sent to it loses its connection,
//! whatever is being sent; so does one of HTTP/2 on which nothing happens (`quiet`).

use std::future::{Ready, ready};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready as ready_or_return};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::quiet::{Activity, Answering};

/// How long a client may take to make room for more of an answer.
const PATIENCE: Duration = Duration::from_mins(1);

const TOO_MANY: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\n\
    Connection: close\r\nContent-Length: 0\r\n\r\n";

/// Clients that are told so at the same time, at most; others are only closed.
const TURNED_AWAY: usize = 64;

/// How long that may take, and the bytes of a request that are read meanwhile.
const FAREWELL: Duration = Duration::from_secs(2);
const REQUEST: u64 = 64 << 10;

/// Takes connections, as long as there are not too many.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    permits: Arc<Semaphore>,
    /// Places for those who are told that they are too many; none where TLS comes first, in which nobody
    /// would understand it.
    turned_away: Option<Arc<Semaphore>>,
    /// How long nothing may happen on a connection of HTTP/2.
    kept: Duration,
}

impl Connections {
    /// At most so many at a time, which speak `plain` HTTP or else begin with TLS; those of HTTP/2 are
    /// kept so long while nothing happens on them.
    pub(crate) fn new(most: u32, plain: bool, kept: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(most as usize));
        Self { permits, turned_away: plain.then(|| Arc::new(Semaphore::new(TURNED_AWAY))), kept }
    }

    fn admit(&self, stream: TcpStream) -> io::Result<Connection<TcpStream>> {
        let Ok(permit) = self.permits.clone().try_acquire_owned() else {
            let places = self.turned_away.clone();
            if let Some(Ok(place)) = places.map(Semaphore::try_acquire_owned) {
                tokio::spawn(turn_away(stream, place));
            }
            return Err(io::Error::other("too many connections"));
        };
        // Answers are written as a whole, so there is nothing to wait for.
        stream.set_nodelay(true)?;
        Ok(Connection { permit: Some(permit), ..Connection::new(stream, PATIENCE, self.kept) })
    }
}

impl<S> Accept<TcpStream, S> for Connections {
    type Stream = Connection<TcpStream>;
    type Service = Answering<S>;
    type Future = Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(self.admit(stream).map(|connection| {
            let service = Answering::new(service, connection.activity.clone());
            (connection, service)
        }))
    }
}

/// Tells a client that there are too many connections. Its request is read and thrown away: if it were
/// left lying, the system would reset the connection, and the answer might be lost with it.
async fn turn_away(mut stream: TcpStream, _place: OwnedSemaphorePermit) {
    let told = async {
        stream.write_all(TOO_MANY).await?;
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(REQUEST), &mut tokio::io::sink()).await
    };
    // Whether it has heard it is its own affair.
    let _ = timeout(FAREWELL, told).await;
}

/// A connection of a client.
#[derive(Debug)]
pub(crate) struct Connection<T> {
    stream: T,
    patience: Duration,
    /// Ends when the client has made no room for too long.
    stalled: Option<Pin<Box<Sleep>>>,
    activity: Activity,
    kept: Duration,
    /// Wakes when nothing may have happened for too long, if it speaks HTTP/2.
    silence: Option<Pin<Box<Sleep>>>,
    #[expect(dead_code, reason = "held until the connection ends")]
    permit: Option<OwnedSemaphorePermit>,
}

impl<T> Connection<T> {
    fn new(stream: T, patience: Duration, kept: Duration) -> Self {
        let activity = Activity::new();
        Self { stream, patience, stalled: None, activity, kept, silence: None, permit: None }
    }

    /// Whether nothing has happened for too long. If not, asks to be woken when that may be so.
    fn is_silent(&mut self, context: &mut Context<'_>) -> bool {
        let Some(mut silence) = self.activity.silence() else { return false };
        let kept = self.kept;
        let timer = self.silence.get_or_insert_with(|| Box::pin(sleep(kept)));
        while silence < kept {
            if timer.as_mut().poll(context).is_pending() {
                return false;
            }
            timer.as_mut().reset(Instant::now() + kept.saturating_sub(silence));
            silence = self.activity.silence().unwrap_or_default();
        }
        true
    }

    fn wrote(&self, written: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = written {
            self.activity.wrote(*bytes);
        }
    }

    /// What `written` means for a client that may have stalled.
    fn watched<W>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<W>>,
    ) -> Poll<io::Result<W>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready_or_return!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Connection<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_pending() && self.is_silent(context) {
            // Nothing was read: the end, as if the client had closed it.
            return Poll::Ready(Ok(()));
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Connection<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(&written);
        self.watched(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.wrote(&written);
        self.watched(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watched(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watched(context, shut)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn a_client_that_makes_no_room_loses_its_connection_and_others_do_not() {
        let (stream, mut client) = duplex(4);
        let patience = Duration::from_millis(1);
        let mut connection = Connection::new(stream, patience, patience);
        connection.write_all(b"four").await.unwrap();
        let stalled = connection.write_all(b"more").await.unwrap_err();
        assert_eq!(stalled.kind(), io::ErrorKind::TimedOut);

        client.read_exact(&mut [0; 4]).await.unwrap();
        connection.write_all(b"four").await.unwrap();
    }
}
