//! What can be wrong with a template, where, and how to fix it.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use thiserror::Error;

use super::Position;
use crate::layout::BuildError;
use crate::ways::Idle;

/// The first mistake in a template.
///
/// `Display` shows the message and the line with a caret below the place it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    pub(super) kind: Box<ErrorKind>,
    /// Number of the line, from 1.
    pub(super) line: usize,
    /// Text of the line.
    pub(super) source: String,
    /// What of the line is wrong, in bytes.
    pub(super) span: Range<usize>,
}

impl TemplateError {
    /// What is wrong, as a value.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Number of the line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Column in characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.source[..self.span.start].chars().count() + 1
    }

    /// How many characters of the line are wrong, from the column on.
    #[must_use]
    pub fn length(&self) -> usize {
        self.source[self.span.clone()].chars().count()
    }

    /// One sentence: what is wrong and how to fix it.
    #[must_use]
    pub fn message(&self) -> String {
        self.kind.to_string()
    }
}

impl std::error::Error for TemplateError {}

impl Display for TemplateError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let snippet = Snippet::source(&self.source)
            .line_start(self.line)
            .path("template")
            .annotation(AnnotationKind::Primary.span(self.span.clone()));
        let report = Level::ERROR.primary_title(self.message()).element(snippet);
        f.write_str(&Renderer::plain().render(&[report]))
    }
}

/// What is wrong with a template; the text of each kind says how to fix it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text exceeds [`Limits::text_bytes`](super::Limits::text_bytes).
    #[error("the template has {bytes} bytes; at most {limit} are allowed")]
    TextTooLong {
        /// Bytes of the text.
        bytes: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A tab outside of comments.
    #[error("tabs are not allowed; use spaces instead")]
    Tab,
    /// Neither an entry nor a position.
    #[error("expected `key: value`, or the position of a brick like `1,2,3`")]
    MalformedLine,
    /// A position that ends with a colon.
    #[error("a position has no colon after it; remove the `:`")]
    PositionColon,
    /// A position that has not three coordinates.
    #[error("a position has three numbers x,y,z like `1,2,3`, but here are {found}")]
    MalformedPosition {
        /// How many numbers there are.
        found: usize,
    },
    /// A line further in than the entry above it, which opens no block.
    #[error(
        "this line is indented further than `{above}` above it, which opens no block; align them"
    )]
    UnexpectedIndentation {
        /// Key of the entry above.
        above: &'static str,
    },
    /// A line that goes back out to an indentation which no open block has.
    #[error(
        "indented by {found} spaces, unlike the lines above; align it with one of them: {expected} spaces"
    )]
    UnevenIndentation {
        /// Spaces before the line.
        found: usize,
        /// The indentations of the open blocks, as text.
        expected: String,
    },
    /// A key which the block does not have.
    #[error("unknown key `{key}` in {block}; {}", suggestion(*.nearest, .allowed))]
    UnknownKey {
        /// The key, shortened.
        key: String,
        /// The block.
        block: &'static str,
        /// What was probably meant.
        nearest: Option<&'static str>,
        /// What the block may hold.
        allowed: Vec<&'static str>,
    },
    /// A key that the block already has.
    #[error("`{key}` is already given in line {first_line}; remove one of the two")]
    DuplicateKey {
        /// The key.
        key: &'static str,
        /// Where it was given first.
        first_line: usize,
    },
    /// A position outside of `bricks:`.
    #[error("positions belong into the `bricks:` block; {block} takes entries like `key: value`")]
    UnexpectedPosition {
        /// The block it was found in.
        block: &'static str,
    },
    /// Something else than a position in `bricks:`.
    #[error(
        "expected the position of a brick like `1,2,3`; a brick's entries are indented below it"
    )]
    ExpectedPosition,
    /// An entry without its value.
    #[error("`{key}` has no value; write it behind the colon")]
    MissingValue {
        /// The key.
        key: &'static str,
    },
    /// A value behind a key that opens a block.
    #[error("`{key}:` takes no value; its entries follow in lines of their own, indented")]
    UnexpectedValue {
        /// The key.
        key: &'static str,
    },
    /// A text where a whole number belongs.
    #[error("{key} has to be a whole number, but is `{found}`")]
    NotAWholeNumber {
        /// What the number is for.
        key: &'static str,
        /// The text, shortened.
        found: String,
    },
    /// A text where a number belongs.
    #[error("{key} has to be a number like `1.5`, but is `{found}`")]
    NotANumber {
        /// What the number is for.
        key: &'static str,
        /// The text, shortened.
        found: String,
    },
    /// Neither `true` nor `false`.
    #[error("{key} has to be `true` or `false`, but is `{found}`")]
    NotABoolean {
        /// What the value is for.
        key: &'static str,
        /// The text, shortened.
        found: String,
    },
    /// A number that is too small or too large.
    #[error("{key} has to be between {min} and {max}, but is {found}")]
    OutOfRange {
        /// What the number is for.
        key: &'static str,
        /// The number, shortened.
        found: String,
        /// Smallest allowed.
        min: u64,
        /// Largest allowed.
        max: u64,
    },
    /// A number that is too small, too large or not finite.
    #[error("{key} has to be a number between {min} and {max}, but is {found}")]
    NumberOutOfRange {
        /// What the number is for.
        key: &'static str,
        /// The number, shortened.
        found: String,
        /// Smallest allowed, as text.
        min: String,
        /// Largest allowed, as text.
        max: String,
    },
    /// A kind of output that there is not.
    #[error(
        "{key} has to be `class` or `value`, but is `{found}`; or leave it out: the targets tell"
    )]
    NotAKind {
        /// What the word is for.
        key: &'static str,
        /// The word, shortened.
        found: String,
    },
    /// A kind of a brick that is no output.
    #[error("only an output brick has a kind; remove it, or add `output: <name>` to the brick")]
    KindWithoutOutput,
    /// A cooldown below 1 or not finite.
    #[error("neuron_cooldown has to be at least 1 and finite, but is {found}")]
    CooldownOutOfRange {
        /// The number, shortened.
        found: String,
    },
    /// A name that is too long or holds control characters.
    #[error("a name has 1 to {max_chars} characters, none of them a control character")]
    InvalidName {
        /// Longest allowed.
        max_chars: usize,
    },
    /// A name that begins like a comment, which it would be after a space.
    #[error("a name can't begin with `#`, which begins a comment; give the brick another name")]
    CommentInName,
    /// A name that another brick has.
    #[error("the brick in line {first_line} has the same name; give every brick its own")]
    DuplicateName {
        /// Line of the first brick.
        first_line: usize,
    },
    /// A position that another brick has.
    #[error("there is already a brick at {position}, in line {first_line}; move one of the two")]
    DuplicatePosition {
        /// The position.
        position: Position,
        /// Line of the first brick.
        first_line: usize,
    },
    /// No `version:`.
    #[error("the version is missing; begin the template with `version: 1`")]
    MissingVersion,
    /// A version that is not known.
    #[error("version `{found}` is not supported; write `version: 1`")]
    UnsupportedVersion {
        /// The version, shortened.
        found: String,
    },
    /// No `bricks:`.
    #[error("the `bricks:` block is missing; add it with at least one input and one output brick")]
    MissingBricks,
    /// A brick without its size.
    #[error(
        "the brick at {position} has no `number_of_neurons`; add it indented below the position"
    )]
    MissingNeurons {
        /// The brick.
        position: Position,
    },
    /// A brick that is both input and output.
    #[error("a brick is either an input or an output; make two bricks of it")]
    InputAndOutput,
    /// No brick takes values.
    #[error("no brick is an input; add `input: <name>` to the brick that takes the values")]
    NoInput,
    /// No brick gives values.
    #[error("no brick is an output; add `output: <name>` to the brick that gives the values")]
    NoOutput,
    /// A brick without neighbours.
    #[error(
        "the brick at {position} touches no other brick; move it next to one, for example to {example}"
    )]
    IsolatedBrick {
        /// The brick.
        position: Position,
        /// A free place beside another brick.
        example: Position,
    },
    /// A brick on no way from an input to an output, so that no signal would pass it.
    #[error(transparent)]
    Idle(#[from] Idle),
    /// More bricks than [`Limits::bricks`](super::Limits::bricks).
    #[error("there are more than {limit} bricks; remove some")]
    TooManyBricks {
        /// Bricks allowed.
        limit: usize,
    },
    /// Bricks that are well formed, but of which no network can be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// More neurons than [`Limits::neurons`](super::Limits::neurons).
    #[error("up to this brick there are {found} neurons; all bricks together may have {limit}")]
    TooManyNeurons {
        /// Neurons up to and with the brick.
        found: u64,
        /// Neurons allowed.
        limit: u64,
    },
}

fn suggestion(nearest: Option<&str>, allowed: &[&str]) -> String {
    match nearest {
        Some(key) => format!("did you mean `{key}`?"),
        None => format!("it takes {}", allowed.join(", ")),
    }
}
