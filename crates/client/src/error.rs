//! What can go wrong, seen from the client.

use std::path::PathBuf;

use hanami_api::{ErrorCode, Problem, Uuid, ids::IdError};

/// Why a call did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server answered, and refused.
    #[error("{detail} (status {status}{})", request_id.as_ref().map(|id| format!(", request {id}")).unwrap_or_default())]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The kind of error, for programs; absent if the answer came from no Hanami.
        code: Option<ErrorCode>,
        /// What is wrong, and how to mend it.
        detail: String,
        /// Id of the request, to find it in the server's log.
        request_id: Option<String>,
    },
    /// An id, a name or a password that no server would take.
    #[error("{what} {source}")]
    Invalid {
        /// What it was meant to be, such as `the name`.
        what: &'static str,
        /// The rule it breaks.
        source: IdError,
    },
    /// An address that can't be used.
    #[error("can't use the address {address:?}: {reason}")]
    Address {
        /// The address given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing answers at the address.
    #[error("can't reach a server at {address}; is `hanami serve` running there?")]
    Unreachable {
        /// The address tried.
        address: String,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The connection broke, or what came over it is not what a Hanami server says.
    #[error("the connection to {address} failed while {doing}")]
    Connection {
        /// The server.
        address: String,
        /// What was going on.
        doing: &'static str,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server closed a websocket.
    #[error("the server closed the connection: {0}")]
    Closed(String),
    /// The server did not take a websocket for the wanted target, or a chunk of an upload.
    #[error("the server refused: {0}")]
    WebsocketRefused(String),
    /// A file to upload can't be read.
    #[error("can't read {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A file that is downloaded can't be written.
    #[error("can't write {}", path.display())]
    Written {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// What is to be uploaded does not have the size that was declared.
    #[error("{declared} bytes were declared, but there are {found}; declare the dataset anew")]
    Size {
        /// The declared size in bytes.
        declared: u64,
        /// The size of what is to be uploaded, in bytes.
        found: u64,
    },
    /// The dataset waits for no such file: it is finished, or not made of such files.
    #[error("the dataset {dataset} waits for no such file")]
    NothingToUpload {
        /// The dataset.
        dataset: Uuid,
    },
    /// The task that was waited for was aborted.
    #[error("the task {uuid} was aborted: {reason}")]
    TaskAborted {
        /// The task.
        uuid: Uuid,
        /// Why.
        reason: String,
    },
    /// The present password is needed, and this client only has a token.
    #[error("the present password is needed: this client was made with a token alone")]
    NoPassword,
    /// A message for a cluster without a single brick.
    #[error("no brick was given; name at least one brick and its values")]
    NoBricks,
}

impl ClientError {
    /// The kind of error, if the server refused a request and said which.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused { code, .. } => *code,
            _ => None,
        }
    }

    /// Reads the body of an answer with the error status `status`.
    pub(crate) fn refused(status: u16, body: &[u8]) -> Self {
        match serde_json::from_slice::<Problem>(body) {
            Ok(problem) => Self::Refused {
                status,
                code: Some(problem.code),
                detail: problem.detail,
                request_id: problem.request_id,
            },
            Err(_) => Self::Refused {
                status,
                code: None,
                detail: String::from_utf8_lossy(body).trim().to_owned(),
                request_id: None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_document_is_told_with_its_request_id() {
        let mut problem = Problem::new(ErrorCode::NotFound, "no cluster has this uuid");
        problem.request_id = Some("r-17".to_owned());
        let error = ClientError::refused(404, &serde_json::to_vec(&problem).unwrap());
        assert_eq!(error.code(), Some(ErrorCode::NotFound));
        assert_eq!(error.to_string(), "no cluster has this uuid (status 404, request r-17)");
    }

    #[test]
    fn an_answer_of_something_else_is_told_as_it_is() {
        let error = ClientError::refused(502, b"bad gateway\n");
        assert_eq!(error.code(), None);
        assert_eq!(error.to_string(), "bad gateway (status 502)");
    }
}
