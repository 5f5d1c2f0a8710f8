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

impl ClusterIoMessage {
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
