//! A server as a process of its own.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};

pub(crate) const ADMIN_ID: &str = "xtask_admin";
pub(crate) const ADMIN_PASSWORD: &str = "only for this run";

/// The settings that make the admin.
pub(crate) const ADMIN: [(&str, &str); 3] = [
    ("HANAMI_ADMIN_USER_ID", ADMIN_ID),
    ("HANAMI_ADMIN_USER_NAME", "Admin"),
    ("HANAMI_ADMIN_PASSWORD", ADMIN_PASSWORD),
];

/// A running server, on a fresh data directory; killed when this is dropped.
pub(crate) struct Server {
    process: Child,
    /// Its URL.
    pub(crate) address: String,
}

impl Server {
    /// Starts `binary` with `settings` beside the admin's. Data and log lie in `folder`.
    pub(crate) fn start(binary: &str, folder: &Path, settings: &[(&str, &str)]) -> Result<Self> {
        let data = folder.join("data");
        if data.exists() {
            fs::remove_dir_all(&data).context("can't remove the data of the last run")?;
        }
        let log = folder.join("server.log");
        let mut process = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data)
            .envs(ADMIN)
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&log)?)
            .spawn()
            .context("can't start the server")?;
        let mut line = String::new();
        let stdout = process.stdout.as_mut().context("the server has no standard output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().strip_prefix("Hanami listens on ").map(str::to_owned);
        let server = Self { address: address.unwrap_or_default(), process };
        ensure!(!server.address.is_empty(), "the server did not start: see {}", log.display());
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which whoever used it has noticed then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
