//! The entries of a block and their values.

use std::ops::RangeInclusive;

use super::line::{Content, Line, Word};
use super::nesting::heads;
use super::{ErrorKind, OutputKind, TemplateError};

/// Longest name of a brick.
const NAME_CHARS: usize = 256;

/// An entry of a block, with the lines that are indented below it.
#[derive(Clone, Copy)]
pub(super) struct Field<'l, 't> {
    name: &'static str,
    pub(super) key: Word<'t>,
    value: Option<Word<'t>>,
    below: &'l [Line<'t>],
}

/// Reads a block that may have the entries `keys`, each at most once, in any order.
pub(super) fn fields<'l, 't, const N: usize>(
    block: &'l [Line<'t>],
    block_name: &'static str,
    keys: [&'static str; N],
) -> Result<[Option<Field<'l, 't>>; N], TemplateError> {
    let mut found = [None; N];
    for (line, below) in heads(block) {
        let Content::Entry { key, value } = line.content else {
            return Err(line.word.error(ErrorKind::UnexpectedPosition { block: block_name }));
        };
        let Some(index) = keys.iter().position(|name| *name == key.text) else {
            return Err(key.error(ErrorKind::UnknownKey {
                key: key.shortened(),
                block: block_name,
                nearest: nearest(key.text, &keys),
                allowed: keys.to_vec(),
            }));
        };
        let name = keys[index];
        if let Some(Field { key: first, .. }) = found[index] {
            return Err(key.error(ErrorKind::DuplicateKey { key: name, first_line: first.line }));
        }
        found[index] = Some(Field { name, key, value, below });
    }
    Ok(found)
}

/// The key that `text` is probably a slip of.
fn nearest(text: &str, keys: &[&'static str]) -> Option<&'static str> {
    const ALIKE: f64 = 0.8;
    keys.iter()
        .map(|key| (strsim::jaro_winkler(text, key), *key))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, key)| key)
}

impl<'l, 't> Field<'l, 't> {
    pub(super) fn block(self) -> Result<&'l [Line<'t>], TemplateError> {
        match self.value {
            Some(value) => Err(value.error(ErrorKind::UnexpectedValue { key: self.name })),
            None => Ok(self.below),
        }
    }

    fn value(self) -> Result<Word<'t>, TemplateError> {
        let Some(value) = self.value else {
            return Err(self.key.error(ErrorKind::MissingValue { key: self.name }));
        };
        match self.below.first() {
            Some(line) => {
                Err(line.word.error(ErrorKind::UnexpectedIndentation { above: self.name }))
            }
            None => Ok(value),
        }
    }

    pub(super) fn whole(self, allowed: RangeInclusive<u64>) -> Result<u64, TemplateError> {
        whole(self.value()?, self.name, allowed)
    }

    fn any_number(self) -> Result<(Word<'t>, f32), TemplateError> {
        let value = self.value()?;
        let number = value.text.parse().map_err(|_| {
            value.error(ErrorKind::NotANumber { key: self.name, found: value.shortened() })
        })?;
        Ok((value, number))
    }

    pub(super) fn cooldown(self) -> Result<f32, TemplateError> {
        let (value, number) = self.any_number()?;
        if number.is_finite() && number >= 1.0 {
            Ok(number)
        } else {
            Err(value.error(ErrorKind::CooldownOutOfRange { found: value.shortened() }))
        }
    }

    pub(super) fn number(self, allowed: RangeInclusive<f32>) -> Result<f32, TemplateError> {
        let (value, number) = self.any_number()?;
        if allowed.contains(&number) {
            return Ok(number);
        }
        Err(value.error(ErrorKind::NumberOutOfRange {
            key: self.name,
            found: value.shortened(),
            min: allowed.start().to_string(),
            max: allowed.end().to_string(),
        }))
    }

    pub(super) fn output_kind(self) -> Result<OutputKind, TemplateError> {
        let value = self.value()?;
        let kinds = [OutputKind::Class, OutputKind::Value];
        kinds.into_iter().find(|kind| kind.to_string() == value.text).ok_or_else(|| {
            value.error(ErrorKind::NotAKind { key: self.name, found: value.shortened() })
        })
    }

    pub(super) fn boolean(self) -> Result<bool, TemplateError> {
        let value = self.value()?;
        value.text.parse().map_err(|_| {
            value.error(ErrorKind::NotABoolean { key: self.name, found: value.shortened() })
        })
    }

    pub(super) fn name(self) -> Result<Word<'t>, TemplateError> {
        let name = self.value()?;
        if name.text.chars().count() > NAME_CHARS || name.text.contains(char::is_control) {
            return Err(name.error(ErrorKind::InvalidName { max_chars: NAME_CHARS }));
        }
        if name.text.starts_with('#') {
            return Err(name.error(ErrorKind::CommentInName));
        }
        Ok(name)
    }

    pub(super) fn supported_version(self) -> Result<(), TemplateError> {
        let version = self.value()?;
        if version.text == "1" {
            return Ok(());
        }
        Err(version.error(ErrorKind::UnsupportedVersion { found: version.shortened() }))
    }
}

/// A whole number within `allowed`.
pub(super) fn whole(
    word: Word<'_>,
    key: &'static str,
    allowed: RangeInclusive<u64>,
) -> Result<u64, TemplateError> {
    let found = word.shortened();
    let digits = word.text.strip_prefix('-').unwrap_or(word.text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(word.error(ErrorKind::NotAWholeNumber { key, found }));
    }
    match word.text.parse() {
        Ok(number) if allowed.contains(&number) => Ok(number),
        _ => {
            let (min, max) = allowed.into_inner();
            Err(word.error(ErrorKind::OutOfRange { key, found, min, max }))
        }
    }
}
