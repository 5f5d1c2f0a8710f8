//! Open files.

use std::io::{self, Read, Seek, SeekFrom};

use crate::medium::Opened;

/// An open file. Threads share it by reference: each operation says where.
#[derive(Debug)]
pub struct File(Box<dyn Opened>);

impl File {
    pub(crate) fn new(opened: Box<dyn Opened>) -> Self {
        Self(opened)
    }

    /// Reads what begins at `position` into the begin of `bytes`; answers how many bytes that were, 0
    /// at the end of the file.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn read_at(&self, bytes: &mut [u8], position: u64) -> io::Result<usize> {
        loop {
            match self.0.read_at(bytes, position) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }

    /// Fills `bytes` with what begins at `position`.
    ///
    /// # Errors
    ///
    /// As the file system reports; `UnexpectedEof` if the file ends before.
    pub fn read_exact_at(&self, mut bytes: &mut [u8], mut position: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            let read = self.read_at(bytes, position)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes = &mut bytes[read..];
            position += read as u64;
        }
        Ok(())
    }

    /// Writes all `bytes` from `position` on.
    ///
    /// # Errors
    ///
    /// As the file system reports; part of them may be written then.
    pub fn write_all_at(&self, mut bytes: &[u8], mut position: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = match self.0.write_at(bytes, position) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                other => other?,
            };
            bytes = &bytes[written..];
            position += written as u64;
        }
        Ok(())
    }

    /// Cuts the file off, or fills it up with zeros.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    /// Makes what is in the file durable, and its length; not its name.
    ///
    /// # Errors
    ///
    /// As the file system reports. What was written since the last success may then be lost, even if
    /// it is reported as a success the next time.
    pub fn sync(&self) -> io::Result<()> {
        self.0.sync()
    }

    /// Its length in bytes.
    ///
    /// # Errors
    ///
    /// As the file system reports.
    pub fn length(&self) -> io::Result<u64> {
        self.0.length()
    }

    /// Reads it from the begin on.
    #[must_use]
    pub fn reader(self) -> Reader {
        Reader { file: self, position: 0 }
    }
}

/// A file that is read from one byte to the next.
#[derive(Debug)]
pub struct Reader {
    file: File,
    position: u64,
}

impl Read for Reader {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(bytes, self.position)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.file.length()?.checked_add_signed(by),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
