//! The bar of work whose size is known in bytes.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on the standard error, if that is a terminal, that fills up as bytes are done. It leaves no
/// trace when it is dropped.
pub(crate) fn bytes(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix}  {bar:30}  {bytes}/{total_bytes}  {eta}")
        .expect("the template is correct")
        .progress_chars("█▉▊▋▌▍▎▏ ");
    ProgressBar::new(0).with_style(style).with_prefix(what)
}

/// Moves a bar on.
pub(crate) fn show(bar: &ProgressBar, done: u64, total: u64) {
    bar.set_length(total.max(done));
    bar.set_position(done);
}
