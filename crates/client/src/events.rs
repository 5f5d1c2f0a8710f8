//! Server-sent events: `text/event-stream` as a Hanami server writes it.

use std::time::Duration;

use hanami_api::Problem;
use reqwest::{Method, Response};
use serde::Serialize;

use crate::{ClientError, Hanami, transport::Transport};

/// How long the server may be silent; it sends a comment every 15 seconds.
const PATIENCE: Duration = Duration::from_mins(1);
/// Most bytes of an event.
const MAX_EVENT_BYTES: usize = 1 << 20;

/// Something that has happened at the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) data: String,
}

/// The events of one answer, as they come.
#[derive(Debug)]
pub(crate) struct Events {
    transport: Transport,
    answer: Response,
    /// What was received and is no whole event yet.
    bytes: Vec<u8>,
}

impl Hanami {
    /// Sends a GET request whose answer is a stream of events.
    pub(crate) async fn events(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<Events, ClientError> {
        let answer = self.open(Method::GET, path, |request| request.query(query)).await?;
        Ok(Events { transport: self.transport().clone(), answer, bytes: Vec::new() })
    }
}

impl Events {
    /// The next event; an event `problem` comes as the error that it tells of.
    pub(crate) async fn next(&mut self) -> Result<Event, ClientError> {
        loop {
            match cut(&mut self.bytes) {
                Some(Event { name, data }) if name == "problem" => {
                    let problem: Problem = self.read(&data)?;
                    return Err(ClientError::refused(problem.status, data.as_bytes()));
                }
                Some(event) => return Ok(event),
                None => self.receive().await?,
            }
        }
    }

    /// Reads the data of an event.
    pub(crate) fn read<T: serde::de::DeserializeOwned>(
        &self,
        data: &str,
    ) -> Result<T, ClientError> {
        serde_json::from_str(data).map_err(|error| self.broken(error))
    }

    async fn receive(&mut self) -> Result<(), ClientError> {
        let chunk = tokio::time::timeout(PATIENCE, self.answer.chunk()).await;
        let chunk = chunk.map_err(|error| self.broken(error))?;
        match chunk.map_err(|error| self.broken(error))? {
            None => Err(self.broken("the events ended too early")),
            Some(chunk) if self.bytes.len() + chunk.len() > MAX_EVENT_BYTES => {
                Err(self.broken("an event is too long"))
            }
            Some(chunk) => {
                self.bytes.extend_from_slice(&chunk);
                Ok(())
            }
        }
    }

    fn broken(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ClientError {
        self.transport.error("following events", source)
    }
}

/// Takes the first whole event out of `bytes`; comments are dropped.
fn cut(bytes: &mut Vec<u8>) -> Option<Event> {
    loop {
        let end = bytes.windows(2).position(|two| two == b"\n\n")?;
        let block: Vec<u8> = bytes.drain(..end + 2).collect();
        let (mut name, mut data) = (String::new(), Vec::new());
        for line in String::from_utf8_lossy(&block).lines() {
            match line.split_once(':') {
                Some(("event", value)) => value.trim_start().clone_into(&mut name),
                Some(("data", value)) => data.push(value.trim_start().to_owned()),
                _ => {}
            }
        }
        if !name.is_empty() {
            return Some(Event { name, data: data.join("\n") });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_cut_wherever_the_chunks_end() {
        let text = ": still here\n\nevent: progress\ndata: {\"a\": 1,\ndata: \"b\": 2}\n\n\
            event: end\ndata: null\n\nevent: prog";
        let event = |name: &str, data: &str| Event { name: name.into(), data: data.into() };
        let expected = [event("progress", "{\"a\": 1,\n\"b\": 2}"), event("end", "null")];
        for size in 1..text.len() {
            let (mut bytes, mut events) = (Vec::new(), Vec::new());
            for chunk in text.as_bytes().chunks(size) {
                bytes.extend_from_slice(chunk);
                events.extend(std::iter::from_fn(|| cut(&mut bytes)));
            }
            assert_eq!(events, expected);
            assert_eq!(bytes, b"event: prog");
        }
    }
}
