//! The names of crash points.

use std::path::Path;

/// What is done to a kind of file: its folder, and its ending if it has one that is no number.
pub(super) fn operation(what: &str, path: &Path) -> String {
    let part =
        |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    let folder = part(path.parent().and_then(Path::file_name)).unwrap_or_default();
    let ending = part(path.extension()).filter(|ending| is_word(ending));
    match ending {
        Some(ending) => format!("{what} {folder} .{ending}"),
        None => format!("{what} {folder}"),
    }
}

/// What a transaction of the database does.
pub(super) fn transaction(moment: &str, what: &str) -> String {
    format!("{moment}: {what}")
}

/// Whether it is a word and not part of a uuid.
fn is_word(ending: &str) -> bool {
    ending.chars().all(|letter| letter.is_ascii_lowercase())
}
