//! Files that arrive.

use std::path::Path;

use hanami_client::Download;

use crate::{failure::Failure, output::Output};

/// Writes a download to the file `to`, which is replaced when all has arrived; `-` is stdout.
pub(super) async fn save(out: Output, mut arriving: Download, to: &Path) -> Result<(), Failure> {
    if to == Path::new("-") {
        while let Some(piece) = arriving.next_piece().await? {
            out.bytes(&piece)?;
        }
        return Ok(());
    }
    let bar = out.bytes_bar(arriving.size()).with_message("downloading");
    let saved = arriving.save_telling(to, |arrived| bar.set_position(arrived)).await;
    bar.finish_and_clear();
    out.done(&format!("wrote {} bytes to {}", saved?, to.display()))
}
