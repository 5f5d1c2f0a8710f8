//! Files that arrive.

use std::{ffi::OsString, path::Path};

use hanami_client::Download;
use tokio::{fs, io::AsyncWriteExt};

use crate::{failure::Failure, output::Output};

/// Writes a download to the file `to`, which is replaced when all has arrived; `-` is stdout.
pub(super) async fn save(out: Output, mut arriving: Download, to: &Path) -> Result<(), Failure> {
    if to == Path::new("-") {
        while let Some(piece) = arriving.next_piece().await? {
            out.bytes(&piece)?;
        }
        return Ok(());
    }
    let mut part = OsString::from(to);
    part.push(".part");
    let part = Path::new(&part);
    let outcome = write(out, arriving, part, to).await;
    if outcome.is_err() {
        // The first error says more than one of the cleaning up would.
        let _ = fs::remove_file(part).await;
    }
    let size = outcome?;
    out.done(&format!("wrote {size} bytes to {}", to.display()))
}

async fn write(
    out: Output,
    mut arriving: Download,
    part: &Path,
    to: &Path,
) -> Result<u64, Failure> {
    let written = |error: std::io::Error| Failure::file("write", to, &error);
    let bar = out.bytes_bar(arriving.size()).with_message("downloading");
    let mut file = fs::File::create(part).await.map_err(written)?;
    let mut size = 0;
    while let Some(piece) = arriving.next_piece().await? {
        file.write_all(&piece).await.map_err(written)?;
        size += piece.len() as u64;
        bar.set_position(size);
    }
    file.sync_all().await.map_err(written)?;
    fs::rename(part, to).await.map_err(written)?;
    bar.finish_and_clear();
    Ok(size)
}
