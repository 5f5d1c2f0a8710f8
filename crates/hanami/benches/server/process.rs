//! The server as a process, and what the system knows of it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use hanami_client::Hanami;
use tempfile::TempDir;

/// Id and name of the admin.
pub(crate) const USER: &str = "chief";
/// The admin's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A running server; killed when this is dropped.
pub(crate) struct Process {
    server: Child,
    /// Host and port.
    pub(crate) address: String,
    /// A client of it.
    pub(crate) hanami: Hanami,
    _data: TempDir,
}

impl Process {
    /// Starts `hanami serve` with the default settings on a free port and a fresh data directory.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts it with these flags besides.
    pub(crate) async fn start_with(flags: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut server = Command::new(env!("CARGO_BIN_EXE_hanami"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data.path())
            .args(flags)
            .env_clear()
            .envs([("HANAMI_ADMIN_USER_ID", USER), ("HANAMI_ADMIN_USER_NAME", USER)])
            .env("HANAMI_ADMIN_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Hanami listens on ").unwrap();
        let address = url.trim_start_matches("http://").to_owned();
        let hanami = Hanami::connect(&address, USER, PASSWORD).await.unwrap();
        Self { server, address, hanami, _data: data }
    }

    /// Memory that the server has in use now, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Processor time that the server has used so far, in seconds, all threads together.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        const TICKS_PER_SECOND: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.server.id())).unwrap();
        // The name in brackets may hold spaces; the times are the 12th and 13th word after it.
        let words: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks: f64 = words[11..13].iter().map(|word| word.parse::<f64>().unwrap()).sum();
        ticks / TICKS_PER_SECOND
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}
