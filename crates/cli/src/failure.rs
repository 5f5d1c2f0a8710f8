//! What can go wrong, told to people: the message, what to do next, and the exit code.

use std::{io, process::ExitCode};

use hanami_client::{ClientError, ErrorCode};
use serde_json::json;

/// What the exit code says; `docs/cli.md` documents it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Whoever reads stdout has seen enough; that is no failure.
    Enough = 0,
    /// Any failure that has no code of its own.
    Other = 1,
    /// The arguments can't be meant like this.
    Usage = 2,
    /// There is no such thing, or one may not see it.
    NotFound = 3,
    /// One is not logged in, or may not do this.
    NotAllowed = 4,
    /// The present state does not allow it.
    Conflict = 5,
    /// Nothing answers at the address.
    Unreachable = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
    exit: Exit,
    refusal: Option<Refusal>,
}

/// What the server said of itself when it refused.
#[derive(Debug)]
struct Refusal {
    status: u16,
    code: Option<ErrorCode>,
    request_id: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, exit, refusal: None }
    }

    /// Arguments that can't be meant like this.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A file that can't be read or written.
    pub(crate) fn file(doing: &str, path: &std::path::Path, error: &io::Error) -> Self {
        Self::new(Exit::Other, format!("can't {doing} {}: {error}", path.display()))
    }

    /// Says what to do next, in the place of what was said so far.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Tells it on stderr: as text, or as one line of JSON for scripts.
    pub(crate) fn tell(&self, as_json: bool) {
        if self.exit == Exit::Enough {
            return;
        }
        if as_json {
            let refusal = self.refusal.as_ref();
            let line = json!({
                "error": self.message,
                "hint": self.hint,
                "exit_code": self.exit as u8,
                "status": refusal.map(|refusal| refusal.status),
                "code": refusal.and_then(|refusal| refusal.code),
                "request_id": refusal.and_then(|refusal| refusal.request_id.as_ref()),
            });
            eprintln!("{line}");
            return;
        }
        // What the server draws of a template begins with the same word.
        eprintln!("error: {}", self.message.strip_prefix("error: ").unwrap_or(&self.message));
        if let Some(hint) = &self.hint {
            eprintln!("  hint: {hint}");
        }
        if let Some(id) = self.refusal.as_ref().and_then(|refusal| refusal.request_id.as_ref()) {
            eprintln!("  request: {id}");
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Refused { status, code, detail, request_id } => {
                let message =
                    if detail.is_empty() { format!("the answer was {status}") } else { detail };
                let exit = exit_of(status);
                let hint = code.and_then(hint_for).map(str::to_owned);
                Self { message, hint, exit, refusal: Some(Refusal { status, code, request_id }) }
            }
            ClientError::Invalid { .. } | ClientError::Address { .. } => {
                Self::usage(error.to_string())
            }
            ClientError::Unreachable { ref source, .. } => {
                Self::new(Exit::Unreachable, format!("{error} ({})", deepest(source.as_ref())))
                    .hint("name the server with --address or HANAMI_ADDRESS, as http://host:port or https://host:port; for a certificate of your own, use --ca FILE")
            }
            other => {
                let cause = std::error::Error::source(&other).map(deepest);
                let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
                Self::new(Exit::Other, format!("{other}{cause}"))
            }
        }
    }
}

/// The cause of all causes; those in between say the same in more general words.
fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn exit_of(status: u16) -> Exit {
    match status {
        401 => Exit::NotAllowed,
        404 => Exit::NotFound,
        409 => Exit::Conflict,
        _ => Exit::Other,
    }
}

fn hint_for(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::InvalidToken => Some("log in (again) with `hanamictl login`"),
        ErrorCode::WrongCredentials => {
            Some("check the user (--user, HANAMI_USER) and the password (HANAMI_PW)")
        }
        ErrorCode::Forbidden => {
            Some("`hanamictl whoami` shows your role; an admin can give you another one")
        }
        ErrorCode::NotFound => Some("the `list` command of the resource shows what you may see"),
        ErrorCode::QuotaExceeded => {
            Some("delete what is not needed; `hanamictl project quota` shows what is used")
        }
        ErrorCode::TooMany => Some("wait a moment and try again"),
        ErrorCode::Unavailable => Some("try again later"),
        ErrorCode::StorageFull => Some("delete what is not needed; that works on a full disk too"),
        ErrorCode::Internal => Some("an admin finds the cause with `hanamictl logs error`"),
        ErrorCode::InvalidBody
        | ErrorCode::InvalidQuery
        | ErrorCode::InvalidTemplate
        | ErrorCode::InvalidDataset
        | ErrorCode::InvalidCheckpoint
        | ErrorCode::DatasetMismatch
        | ErrorCode::LimitExceeded
        | ErrorCode::Conflict => None,
    }
}
