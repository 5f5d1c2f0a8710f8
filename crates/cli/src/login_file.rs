//! The file that keeps a log-in between two commands: `$XDG_CONFIG_HOME/hanami/login.json`. It holds
//! a token, so nobody but its owner may read it; it never holds a password.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::failure::{Exit, Failure};

/// What `hanamictl login` keeps.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// The server's address.
    pub(crate) address: String,
    /// Id of the user.
    pub(crate) user: String,
    /// File with the certificates to trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ca: Option<PathBuf>,
    /// The token.
    pub(crate) token: String,
}

impl Login {
    /// Keeps it, in the place of an earlier one.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        let path = path()?;
        let written = || -> io::Result<()> {
            let directory = path.parent().unwrap_or(Path::new("."));
            fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
            // Made with mode 0600, and in the place of the old file only when it is whole.
            let mut file = NamedTempFile::new_in(directory)?;
            serde_json::to_writer(&mut file, self)?;
            file.flush()?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        written().map_err(|error| Failure::file("write", &path, &error))
    }

    /// The log-in that was kept, if there is one.
    pub(crate) fn load() -> Result<Option<Self>, Failure> {
        let path = path()?;
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::file("read", &path, &error)),
        };
        let found = file.metadata().map_err(|error| Failure::file("read", &path, &error))?;
        if found.permissions().mode() & 0o077 != 0 {
            let shown = path.display();
            let message = format!("others can read {shown}, which holds your token");
            return Err(Failure::new(Exit::NotAllowed, message).hint(format!(
                "`chmod 600 {shown}`; if someone may have read it, change your password: that ends \
                 the token"
            )));
        }
        serde_json::from_reader(io::BufReader::new(file)).map(Some).map_err(|error| {
            let message = format!("{} is damaged: {error}", path.display());
            Failure::new(Exit::Other, message).hint("log in again with `hanamictl login`")
        })
    }

    /// Forgets it; answers whether there was one.
    pub(crate) fn remove() -> Result<bool, Failure> {
        let path = path()?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Failure::file("remove", &path, &error)),
        }
    }
}

fn path() -> Result<PathBuf, Failure> {
    // A relative path there is to be ignored, says the XDG base directory specification.
    let configured = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let base = match configured.filter(|path| path.is_absolute()) {
        Some(base) => base,
        None => match std::env::home_dir() {
            Some(home) => home.join(".config"),
            None => return Err(Failure::usage("no home directory; set XDG_CONFIG_HOME")),
        },
    };
    Ok(base.join("hanami").join("login.json"))
}
