//! One line of a template: its indentation and its words.

use std::ops::Range;

use winnow::ascii::space0;
use winnow::combinator::{alt, eof, opt, separated, terminated};
use winnow::error::EmptyError;
use winnow::token::{rest, take_till};
use winnow::{LocatingSlice, Parser};

use super::{ErrorKind, TemplateError};

/// A piece of a line that knows where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    /// Number of its line, from 1.
    pub(super) line: usize,
    source: &'t str,
    /// First byte within its line.
    start: usize,
}

impl<'t> Word<'t> {
    /// The first line as a whole: the place of mistakes that have none of their own.
    pub(super) fn first_line(text: &'t str) -> Self {
        let source = without_mark(text).lines().next().unwrap_or_default();
        Word { text: source, line: 1, source, start: 0 }
    }

    /// The mistake `kind` at the place of this word.
    pub(super) fn error(self, kind: ErrorKind) -> TemplateError {
        TemplateError {
            kind: Box::new(kind),
            line: self.line,
            source: self.source.to_owned(),
            span: self.start..self.start + self.text.len(),
        }
    }

    /// The text, short enough for a message.
    pub(super) fn shortened(self) -> String {
        const CHARS: usize = 40;
        match self.text.char_indices().nth(CHARS) {
            Some((end, _)) => format!("{}...", &self.text[..end]),
            None => self.text.to_owned(),
        }
    }

    fn part(self, range: Range<usize>) -> Self {
        Word { text: &self.text[range.clone()], start: self.start + range.start, ..self }
    }

    fn trim_end(self) -> Self {
        Word { text: self.text.trim_end_matches([' ', '\t']), ..self }
    }
}

/// A line that is neither blank nor only a comment.
#[derive(Debug)]
pub(super) struct Line<'t> {
    /// Spaces before the content.
    pub(super) indent: usize,
    /// How many blocks the line lies in; set by [`nesting`](super::nesting).
    pub(super) depth: usize,
    /// The whole content.
    pub(super) word: Word<'t>,
    pub(super) content: Content<'t>,
}

/// What a line says.
#[derive(Debug)]
pub(super) enum Content<'t> {
    /// `1,2,3`; not yet known to be numbers.
    Position([Word<'t>; 3]),
    /// `key: value` or `key:`.
    Entry { key: Word<'t>, value: Option<Word<'t>> },
}

/// Cuts the text into lines, leaving out blank lines and comments.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Result<Line<'_>, TemplateError>> {
    without_mark(text).lines().enumerate().filter_map(|(index, source)| {
        let word = Word { text: without_comment(source), line: index + 1, source, start: 0 };
        line(word.trim_end()).transpose()
    })
}

/// The text without the byte order mark that some editors put before it.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The line up to a `#` that begins it or follows white space.
fn without_comment(source: &str) -> &str {
    let begins_comment = |&(at, _): &(usize, &str)| {
        source[..at].chars().next_back().is_none_or(|before| matches!(before, ' ' | '\t'))
    };
    match source.match_indices('#').find(begins_comment) {
        Some((at, _)) => &source[..at],
        None => source,
    }
}

fn line(word: Word<'_>) -> Result<Option<Line<'_>>, TemplateError> {
    if let Some(at) = word.text.find('\t') {
        return Err(word.part(at..at + 1).error(ErrorKind::Tab));
    }
    let indent = word.text.len() - word.text.trim_start_matches(' ').len();
    let word = word.part(indent..word.text.len());
    if word.text.is_empty() {
        return Ok(None);
    }
    Ok(Some(Line { indent, depth: 0, word, content: content(word)? }))
}

/// The forms of a line, with the places of their words in it.
enum Form {
    Position(Vec<Range<usize>>),
    PositionColon,
    Entry { key: Range<usize>, value: Option<Range<usize>> },
}

fn content(word: Word<'_>) -> Result<Content<'_>, TemplateError> {
    let form = form
        .parse(LocatingSlice::new(word.text))
        .map_err(|_| word.error(ErrorKind::MalformedLine))?;
    match form {
        Form::Position(coordinates) => {
            let coordinates: Vec<_> = coordinates.into_iter().map(|at| word.part(at)).collect();
            <[Word; 3]>::try_from(coordinates).map(Content::Position).map_err(|coordinates| {
                word.error(ErrorKind::MalformedPosition { found: coordinates.len() })
            })
        }
        Form::PositionColon => Err(word.error(ErrorKind::PositionColon)),
        Form::Entry { key, value } => Ok(Content::Entry {
            key: word.part(key).trim_end(),
            value: value.map(|value| word.part(value)),
        }),
    }
}

fn form(input: &mut LocatingSlice<&str>) -> Result<Form, EmptyError> {
    alt((
        terminated(position, eof).map(Form::Position),
        (position, space0, ':', space0, eof).map(|_| Form::PositionColon),
        entry,
    ))
    .parse_next(input)
}

fn position(input: &mut LocatingSlice<&str>) -> Result<Vec<Range<usize>>, EmptyError> {
    let coordinate = take_till(1.., [',', ':', ' ']).span();
    separated(2.., coordinate, (space0, ',', space0)).parse_next(input)
}

fn entry(input: &mut LocatingSlice<&str>) -> Result<Form, EmptyError> {
    let key = take_till(1.., ':').span();
    let value = rest.verify(|value: &str| !value.is_empty()).span();
    let (key, _, _, value) = (key, ':', space0, opt(value)).parse_next(input)?;
    Ok(Form::Entry { key, value })
}
