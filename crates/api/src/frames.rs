//! Protobuf frames of the websocket, generated from `proto/hanami.proto`.

// The names are those of the published messages, in their case.
#[allow(missing_docs, clippy::pedantic)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/_.rs"));
}

pub use generated::{
    ClusterIoMessage, ClusterProcessType, FileUploadMessage, FileUploadResponseMessage,
};
pub use prost::{DecodeError, Message};

/// Why bytes are no frame of direct mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// They are no protobuf message of that kind.
    #[error("not a ClusterIO_Message: {0}")]
    Message(DecodeError),
    /// What is to be done with the values.
    #[error("processType {0} is neither 0 nor 1")]
    Process(i32),
    /// The count does not fit the values.
    #[error("numberOfValues is {told}, but there are {found} values")]
    Count {
        /// What the message says.
        told: u64,
        /// How many there are.
        found: usize,
    },
}

impl ClusterIoMessage {
    /// Reads a frame; tells what is to be done with its values.
    ///
    /// # Errors
    /// If it is no such message, or contradicts itself.
    pub fn read(frame: impl prost::bytes::Buf) -> Result<(Self, ClusterProcessType), FrameError> {
        let message = Self::decode(frame).map_err(FrameError::Message)?;
        let process = ClusterProcessType::try_from(message.process_type)
            .map_err(|_| FrameError::Process(message.process_type))?;
        let (told, found) = (message.number_of_values, message.values.len());
        if told != found as u64 {
            return Err(FrameError::Count { told, found });
        }
        Ok((message, process))
    }

    /// The answer to everything but a request: one value, 0.0.
    #[must_use]
    pub fn acknowledgement(brick: String, process: ClusterProcessType) -> Self {
        Self::with_values(brick, true, process, vec![0.0])
    }

    /// A message with `values` for, or of, the brick `brick`.
    #[must_use]
    pub fn with_values(
        brick: String,
        is_last: bool,
        process: ClusterProcessType,
        values: Vec<f32>,
    ) -> Self {
        Self {
            brick_name: brick,
            is_last,
            process_type: process.into(),
            number_of_values: values.len() as u64,
            values,
        }
    }
}
