//! What a user sees for each kind of mistake.

mod bricks;
mod syntax;
mod values;

use super::MINIMAL;
use crate::template::Template;

/// Parses `MINIMAL` with `from` replaced, and compares what the user sees.
#[track_caller]
fn assert_shown(from: &str, to: &str, shown: &str) {
    assert!(MINIMAL.contains(from));
    let error = Template::parse(&MINIMAL.replacen(from, to, 1)).unwrap_err();
    assert_eq!(error.to_string(), shown.trim_matches('\n'));
}
