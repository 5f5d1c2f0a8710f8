//! The one way to files for everything durable in Hanami.
//!
//! Whoever keeps data goes through a [`Disk`]: [`Disk::real`] in the product, and in tests one in
//! memory (`simulated`, behind the feature of that name) that loses its power at any of its
//! operations, forgets what was not synced, and fails or fills up when told to. So what is promised
//! about power losses and broken disks can be tried out, not only reasoned about.
//!
//! The interface has what durable programs need, and its contract is that of POSIX at its weakest:
//! - what was written to a file is durable after [`File::sync`], not before, and may then be there in
//!   part and in any order;
//! - a new name, a rename, a link and a removal are durable after [`Disk::sync_dir`] of the folder.
//!
//! The database has its own way to the disk. Its transactions are announced here
//! ([`Disk::commit_begins`], [`Disk::commit_ended`]), so that the power can fail around them too.
//!
//! A disk also tells the time and gives new ids, so that these follow from the seed of a simulated one.
//!
//! Everything here but these two blocks.

#![forbid(unsafe_code)]

mod disk;
mod file;
mod medium;
mod real;
#[cfg(feature = "simulated")]
pub mod simulated;

pub use disk::Disk;
pub use file::{File, Reader};
pub use medium::{Details, How, Lock, Space};
