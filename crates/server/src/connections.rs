//! Connections: so many at a time, and none that takes no answer for ever.
//!
//! Each holds a permit as long as it is open, websockets too. One too many is told so, if it speaks
//! plain HTTP, and closed. A client that makes no room for what is sent to it loses its connection,
//! whatever is being sent.

use std::future::{Ready, ready};
use std::io::{self, IoSlice, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready as ready_or_return};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

/// How long a client may take to make room for more of an answer.
const PATIENCE: Duration = Duration::from_mins(1);

const TOO_MANY: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\n\
    Connection: close\r\nContent-Length: 0\r\n\r\n";

/// Takes connections, as long as there are not too many.
#[derive(Clone, Debug)]
pub(crate) struct Connections(Arc<Semaphore>);

impl Connections {
    /// At most so many at a time.
    pub(crate) fn new(most: u32) -> Self {
        Self(Arc::new(Semaphore::new(most as usize)))
    }

    fn admit(&self, stream: TcpStream) -> io::Result<Connection<TcpStream>> {
        let Ok(permit) = self.0.clone().try_acquire_owned() else {
            // Nobody waits for this: what does not fit into the buffers at once is not sent.
            stream.into_std()?.write_all(TOO_MANY)?;
            return Err(io::Error::other("too many connections"));
        };
        // Answers are written as a whole, so there is nothing to wait for.
        stream.set_nodelay(true)?;
        Ok(Connection { stream, patience: PATIENCE, stalled: None, _permit: Some(permit) })
    }
}

impl<S> Accept<TcpStream, S> for Connections {
    type Stream = Connection<TcpStream>;
    type Service = S;
    type Future = Ready<io::Result<(Self::Stream, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(self.admit(stream).map(|connection| (connection, service)))
    }
}

/// A connection of a client.
#[derive(Debug)]
pub(crate) struct Connection<T> {
    stream: T,
    patience: Duration,
    /// Ends when the client has made no room for too long.
    stalled: Option<Pin<Box<Sleep>>>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl<T> Connection<T> {
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
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Connection<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
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
        let mut connection = Connection { stream, patience, stalled: None, _permit: None };
        connection.write_all(b"four").await.unwrap();
        let stalled = connection.write_all(b"more").await.unwrap_err();
        assert_eq!(stalled.kind(), io::ErrorKind::TimedOut);

        client.read_exact(&mut [0; 4]).await.unwrap();
        connection.write_all(b"four").await.unwrap();
    }
}
