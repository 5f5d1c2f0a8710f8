//! Messages on a websocket.

use hanami_api::frames::{
    ClusterIoMessage, FileUploadMessage, FileUploadResponseMessage, FrameError, Message,
};
use hanami_server::read_hello;

/// The first byte tells which message the others are read as.
pub(crate) fn run(bytes: &[u8]) {
    let Some((kind, frame)) = bytes.split_first() else {
        return;
    };
    match kind % 4 {
        0 => cluster(frame),
        1 => comes_back::<FileUploadMessage>(frame),
        2 => comes_back::<FileUploadResponseMessage>(frame),
        _ => hello(frame),
    }
}

fn cluster(frame: &[u8]) {
    match ClusterIoMessage::read(frame) {
        Ok((message, process)) => {
            assert_eq!(message.process_type, i32::from(process));
            assert_eq!(message.number_of_values, message.values.len() as u64);
            assert!(message.values.len() <= frame.len() / 4, "no more values than bytes hold");
            comes_back::<ClusterIoMessage>(frame);
        }
        Err(
            error @ (FrameError::Message(_) | FrameError::Process(_) | FrameError::Count { .. }),
        ) => {
            assert!(!error.to_string().is_empty(), "a mistake is told");
        }
    }
}

/// What is read is written and read again, the same.
fn comes_back<M: Message + Default>(frame: &[u8]) {
    let Ok(message) = M::decode(frame) else {
        return;
    };
    let written = message.encode_to_vec();
    let again = M::decode(written.as_slice()).expect("what was written can be read");
    // By bytes: a value may be NaN.
    assert!(again.encode_to_vec() == written, "it is the same");
}

fn hello(text: &[u8]) {
    match read_hello(text) {
        Ok(hello) => {
            let written = serde_json::to_vec(&hello).expect("it can be written");
            let again = read_hello(&written).expect("what was written can be read");
            let same = (&again.token, again.target, again.uuid)
                == (&hello.token, hello.target, hello.uuid);
            assert!(same, "{}", String::from_utf8_lossy(&written));
        }
        Err(reason) => assert!(!reason.is_empty(), "a mistake is told"),
    }
}
