//! What can be wrong with a policy file, where, and how to mend it.

use std::ops::Range;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// Why a policy can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file can't be read.
    #[error("the policy file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is larger than any policy.
    #[error("the policy file {} is larger than the limit of {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Bytes allowed.
        limit: u64,
    },
    /// The file holds something that is no policy.
    #[error("the policy is not valid\n{report}")]
    Invalid {
        /// What is wrong, with the line and a caret below the place.
        report: String,
    },
}

/// A mistake in the text of a policy.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) span: Range<usize>,
    pub(super) kind: MistakeKind,
}

impl Mistake {
    /// The error that shows this mistake in `text`, which comes from `origin`.
    pub(super) fn shown(&self, origin: &str, text: &str) -> PolicyError {
        let snippet = Snippet::source(text)
            .path(origin)
            .annotation(AnnotationKind::Primary.span(self.span.clone()));
        let report = Level::ERROR.primary_title(self.kind.to_string()).element(snippet);
        PolicyError::Invalid { report: Renderer::plain().render(&[report]) }
    }
}

/// What is wrong, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub(super) enum MistakeKind {
    #[error("{0}")]
    Syntax(String),
    #[error(
        "the file has no roles; begin with `[roles]`, or with what `hanami policy show` prints"
    )]
    NoRoles,
    #[error("unknown key `{0}`; a policy has only the table `roles`")]
    UnknownKey(String),
    #[error("`roles` has to be a table, one entry for each role")]
    RolesNotATable,
    #[error(
        "`{0}` can't be the name of a role; it has 1 to 64 letters, digits and `_`, and begins \
         with a letter"
    )]
    MalformedRole(String),
    #[error("the role `admin` is missing; global admins have it, and could do nothing")]
    NoAdmin,
    #[error("a role is a table of endpoints, or \"*\" for everything")]
    NotARole,
    #[error("there is no endpoint `{endpoint}`; did you mean `{nearest}`?")]
    UnknownEndpoint { endpoint: String, nearest: String },
    #[error("`{0}` stays with global admins: no role can be allowed to manage users and projects")]
    ForAdmins(String),
    #[error(
        "the methods of an endpoint are a list like [\"GET\"], or \"*\" for all; possible here: {0}"
    )]
    NotMethods(String),
    #[error("`{endpoint}` does not take `{method}`; possible: {possible}")]
    UnknownMethod { endpoint: String, method: String, possible: String },
}
