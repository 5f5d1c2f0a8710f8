//! The file that a backup is: a tar archive, see `docs/formats/backup.md`.
//!
//! Its first entry tells the version of the format, its last one is the manifest: the size and the
//! SHA-256 of every other entry. An archive without a manifest was cut.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the format that is written, and the only one that is read.
pub(crate) const FORMAT: u32 = 1;
/// The first entry.
pub(crate) const HEAD: &str = "backup.json";
/// The last entry.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The database.
pub(crate) const DATABASE: &str = "hanami.db";

/// Bytes that are copied at once.
const PIECE: usize = 1 << 18;

/// What the first entry holds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    /// Version of the format.
    pub(crate) format: u32,
    /// The version of Hanami that wrote it.
    pub(crate) hanami: String,
    /// When it was begun, in seconds of Unix time.
    pub(crate) begun_at: i64,
}

/// What the last entry holds: all other entries, by their paths.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) files: BTreeMap<String, Sum>,
}

/// What is known of an entry.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sum {
    pub(crate) bytes: u64,
    /// In hexadecimal digits.
    pub(crate) sha256: String,
}

/// Copies `from` to its end; answers what it held. `told` is called with each number of bytes.
pub(crate) fn copy(
    mut from: impl Read,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
    mut told: impl FnMut(u64),
) -> io::Result<Sum> {
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut piece = vec![0; PIECE];
    loop {
        let count = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&piece[..count]);
        take(&piece[..count])?;
        bytes += count as u64;
        told(count as u64);
    }
    let mut sha256 = String::new();
    for byte in hash.finalize() {
        let _ = write!(sha256, "{byte:02x}"); // A String takes all that is written.
    }
    Ok(Sum { bytes, sha256 })
}

/// Writes an archive.
pub(crate) struct Writer {
    tar: tar::Builder<File>,
    manifest: Manifest,
}

impl Writer {
    /// Begins an archive in `file`.
    pub(crate) fn begin(file: File, head: &Head) -> io::Result<Self> {
        let mut writer = Self { tar: tar::Builder::new(file), manifest: Manifest::default() };
        let head = serde_json::to_vec(head)?;
        writer.add(HEAD, &head[..], |_| ())?;
        Ok(writer)
    }

    /// Adds what `from` holds; answers how many bytes that are.
    pub(crate) fn add(
        &mut self,
        path: &str,
        from: impl Read,
        told: impl FnMut(u64),
    ) -> io::Result<u64> {
        let mut header = header();
        let mut entry = self.tar.append_writer(&mut header, path)?;
        let sum = copy(from, |piece| entry.write_all(piece), told)?;
        entry.finish()?;
        let bytes = sum.bytes;
        self.manifest.files.insert(path.to_owned(), sum);
        Ok(bytes)
    }

    /// Ends the archive; answers its file, which is not synced.
    pub(crate) fn finish(mut self) -> io::Result<File> {
        let manifest = serde_json::to_vec(&self.manifest)?;
        let mut header = header();
        header.set_size(manifest.len() as u64);
        self.tar.append_data(&mut header, MANIFEST, &manifest[..])?;
        self.tar.into_inner()
    }
}

fn header() -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_mode(0o600);
    header
}
