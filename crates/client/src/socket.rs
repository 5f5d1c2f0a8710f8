//! A websocket of the server: opened with a text message, then one answer per frame, in order.

use bytes::BytesMut;
use futures_util::{SinkExt, StreamExt};
use hanami_api::{
    Uuid,
    direct::{Hello, Target, Welcome},
    frames,
};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Bytes, Message},
};
use tokio_util::either::Either;

use crate::{ClientError, Hanami, transport::Transport};

/// A connection without and with TLS.
type Connection = Either<TcpStream, TlsStream<TcpStream>>;

/// An open websocket.
pub(crate) struct Socket {
    stream: WebSocketStream<Connection>,
    address: String,
    /// Room for the frame being written; its memory is used again once that frame is out.
    frame: BytesMut,
    /// Frames sent whose answers were not read yet.
    unanswered: usize,
}

impl Socket {
    /// Connects for `target`, the cluster or file `uuid`.
    pub(crate) async fn open(
        hanami: &Hanami,
        target: Target,
        uuid: Uuid,
    ) -> Result<Self, ClientError> {
        let transport = hanami.transport();
        let address = transport.address();
        let connection = connect(transport).await?;
        let (stream, _) = client_async(address.websocket(), connection)
            .await
            .map_err(|error| transport.error("opening a websocket", error))?;
        let mut socket =
            Self { stream, address: address.to_string(), frame: BytesMut::new(), unanswered: 0 };
        let token = hanami.token().await;
        let token = token.to_str().map_err(|error| socket.broken(error))?;
        let hello = Hello { token: token.to_owned(), target, uuid };
        socket.greet(&hello).await?;
        Ok(socket)
    }

    async fn greet(&mut self, hello: &Hello) -> Result<(), ClientError> {
        let text = serde_json::to_string(hello).map_err(|error| self.broken(error))?;
        let sent = self.stream.send(Message::text(text)).await;
        sent.map_err(|error| self.broken(error))?;
        let answer = self.next_message().await?;
        let welcome: Welcome =
            serde_json::from_slice(&answer).map_err(|error| self.broken(error))?;
        if welcome.success {
            return Ok(());
        }
        Err(ClientError::WebsocketRefused(or_none_given(welcome.error.unwrap_or_default())))
    }

    /// Puts a frame behind those that [`Socket::flush`] sends together.
    pub(crate) async fn feed(&mut self, frame: &impl frames::Message) -> Result<(), ClientError> {
        self.frame.reserve(frame.encoded_len());
        frame.encode(&mut self.frame).map_err(|error| self.broken(error))?;
        let message = Message::Binary(self.frame.split().freeze());
        let fed = self.stream.feed(message).await;
        fed.map_err(|error| self.broken(error))?;
        self.unanswered += 1;
        Ok(())
    }

    /// Sends what was fed.
    pub(crate) async fn flush(&mut self) -> Result<(), ClientError> {
        let flushed = self.stream.flush().await;
        flushed.map_err(|error| self.broken(error))
    }

    /// Number of frames whose answers were not read yet.
    pub(crate) fn unanswered(&self) -> usize {
        self.unanswered
    }

    /// The next answer.
    pub(crate) async fn receive<Frame: frames::Message + Default>(
        &mut self,
    ) -> Result<Frame, ClientError> {
        let bytes = self.next_message().await?;
        self.unanswered = self.unanswered.saturating_sub(1);
        Frame::decode(bytes).map_err(|error| self.broken(error))
    }

    /// Says goodbye.
    pub(crate) async fn close(mut self) -> Result<(), ClientError> {
        match self.stream.close(None).await {
            Ok(()) | Err(tungstenite::Error::ConnectionClosed) => Ok(()),
            Err(error) => Err(self.broken(error)),
        }
    }

    async fn next_message(&mut self) -> Result<Bytes, ClientError> {
        loop {
            let message = self.stream.next().await.transpose();
            match message.map_err(|error| self.broken(error))? {
                Some(Message::Binary(bytes)) => return Ok(bytes),
                Some(Message::Text(text)) => return Ok(text.into()),
                Some(Message::Close(frame)) => {
                    let reason = frame.map(|frame| frame.reason.to_string());
                    return Err(ClientError::Closed(or_none_given(reason.unwrap_or_default())));
                }
                None => return Err(ClientError::Closed(or_none_given(String::new()))),
                // Pings are answered by the websocket itself.
                Some(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
            }
        }
    }

    fn broken(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ClientError {
        ClientError::Connection {
            address: self.address.clone(),
            doing: "using a websocket",
            source: source.into(),
        }
    }
}

/// Connects to the server, and agrees on TLS if it is to be.
async fn connect(transport: &Transport) -> Result<Connection, ClientError> {
    let address = transport.address();
    let unreachable = |source| ClientError::Unreachable { address: address.to_string(), source };
    let tcp =
        TcpStream::connect(address.authority()).await.map_err(|error| unreachable(error.into()))?;
    // A frame is complete when it is written; waiting for more would only cost time.
    tcp.set_nodelay(true).map_err(|error| unreachable(error.into()))?;
    if !address.is_secure() {
        return Ok(Either::Left(tcp));
    }
    let name = ServerName::try_from(address.host().to_owned());
    let name = name.map_err(|error| transport.error("reading the address", error))?;
    let agreed = TlsConnector::from(transport.tls().clone()).connect(name, tcp).await;
    agreed.map(Either::Right).map_err(|error| transport.error("agreeing on TLS", error))
}

fn or_none_given(reason: String) -> String {
    if reason.is_empty() { "it gave no reason".to_owned() } else { reason }
}
