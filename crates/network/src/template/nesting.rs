//! Which line belongs to which block.

use super::line::Line;
use super::{ErrorKind, TemplateError};

/// Sets the depth of every line from its indentation.
pub(super) fn set_depths(lines: &mut [Line<'_>]) -> Result<(), TemplateError> {
    // The indentations of the open blocks, outermost first.
    let mut open: Vec<usize> = Vec::new();
    for line in lines {
        if open.last().is_none_or(|&innermost| line.indent > innermost) {
            open.push(line.indent);
        }
        if !open.contains(&line.indent) {
            return Err(line.word.error(uneven(line.indent, &open)));
        }
        open.retain(|&indent| indent <= line.indent);
        line.depth = open.len();
    }
    Ok(())
}

fn uneven(found: usize, possible: &[usize]) -> ErrorKind {
    let possible: Vec<_> = possible.iter().map(usize::to_string).collect();
    ErrorKind::UnevenIndentation { found, expected: possible.join(" or ") }
}

/// The lines of a block, each with the block below it.
pub(super) fn heads<'l, 't>(
    block: &'l [Line<'t>],
) -> impl Iterator<Item = (&'l Line<'t>, &'l [Line<'t>])> {
    let depth = block.first().map_or(0, |line| line.depth);
    block.chunk_by(move |_, next| next.depth > depth).filter_map(<[Line]>::split_first)
}
