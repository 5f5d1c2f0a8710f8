//! The byte vectors in `sdk/scenarios/frames.json` that every codec of the websocket's messages is
//! held to. The README beside them says what the parts of the file mean.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hanami_api::frames::{
    ClusterIoMessage, DecodeError, FileUploadMessage, FileUploadResponseMessage, Message,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    #[serde(rename = "about")]
    _about: String,
    vectors: Vec<Vector>,
    decode_only: Vec<Vector>,
    invalid: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    about: String,
    message: String,
    hex: String,
    #[serde(default)]
    fields: Fields,
}

/// The fields of all messages; those left out have their defaults.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Fields {
    brick_name: String,
    is_last: bool,
    process_type: i32,
    number_of_values: u64,
    values: Vec<f32>,
    position: u64,
    data: String,
    success: bool,
    error_message: String,
}

/// A message of any kind.
#[derive(Debug, PartialEq)]
enum Frame {
    Cluster(ClusterIoMessage),
    Upload(FileUploadMessage),
    UploadResponse(FileUploadResponseMessage),
}

impl Frame {
    fn with(message: &str, fields: Fields) -> Self {
        match message {
            "ClusterIO_Message" => Self::Cluster(ClusterIoMessage {
                brick_name: fields.brick_name,
                is_last: fields.is_last,
                process_type: fields.process_type,
                number_of_values: fields.number_of_values,
                values: fields.values,
            }),
            "FileUpload_Message" => Self::Upload(FileUploadMessage {
                position: fields.position,
                data: bytes(&fields.data).into(),
            }),
            "FileUploadResponse_Message" => Self::UploadResponse(FileUploadResponseMessage {
                success: fields.success,
                error_message: fields.error_message,
            }),
            other => panic!("there is no message {other}"),
        }
    }

    fn decode(message: &str, bytes: &[u8]) -> Result<Self, DecodeError> {
        match message {
            "ClusterIO_Message" => Message::decode(bytes).map(Self::Cluster),
            "FileUpload_Message" => Message::decode(bytes).map(Self::Upload),
            "FileUploadResponse_Message" => Message::decode(bytes).map(Self::UploadResponse),
            other => panic!("there is no message {other}"),
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Cluster(message) => message.encode_to_vec(),
            Self::Upload(message) => message.encode_to_vec(),
            Self::UploadResponse(message) => message.encode_to_vec(),
        }
    }
}

fn contents() -> Contents {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/scenarios/frames.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2).map(|start| &hex[start..start + 2]);
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[test]
fn messages_are_encoded_to_the_bytes_and_back() {
    for Vector { about, message, hex, fields } in contents().vectors {
        let (frame, bytes) = (Frame::with(&message, fields), bytes(&hex));
        assert_eq!(frame.encode(), bytes, "{about}");
        assert_eq!(Frame::decode(&message, &bytes), Ok(frame), "{about}");
    }
}

#[test]
fn what_other_encoders_may_write_is_understood() {
    for Vector { about, message, hex, fields } in contents().decode_only {
        let frame = Frame::with(&message, fields);
        assert_eq!(Frame::decode(&message, &bytes(&hex)), Ok(frame), "{about}");
    }
}

#[test]
fn invalid_bytes_are_refused() {
    for Vector { about, message, hex, .. } in contents().invalid {
        let decoded = Frame::decode(&message, &bytes(&hex));
        assert!(decoded.is_err(), "{about}: {decoded:?}");
    }
}
