//! The server as a process, and what the system tells of it.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};

/// Id and name of the first admin.
pub const ADMIN: &str = "chief";
/// The first admin's password.
pub const PASSWORD: &str = "correct horse battery";

/// How long a server may take to end by itself after it was asked to.
const PATIENCE: Duration = Duration::from_mins(1);

/// The server's program: `given`, or `hanami` in the folder of this program or in the one above,
/// where cargo puts it.
///
/// # Errors
///
/// If there is none.
pub fn program(given: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(given) = given {
        ensure!(given.is_file(), "there is no program {}", given.display());
        return Ok(given);
    }
    let own = env::current_exe().context("can't tell where this program lies")?;
    let beside = own.ancestors().skip(1).take(2).map(|folder| folder.join("hanami"));
    let found = beside.into_iter().find(|path| path.is_file());
    found.context("there is no `hanami` beside this program: build it, or name it with --hanami")
}

/// A running server; killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    server: Child,
    address: String,
}

impl Process {
    /// Starts `program` with the data directory `data` and these flags, and waits until it listens.
    /// What it logs is appended to the file `log`.
    ///
    /// # Errors
    ///
    /// If it can't be started, or ends before it listens.
    pub fn start(program: &Path, data: &Path, log: &Path, flags: &[&str]) -> Result<Self> {
        let mut process =
            Self { server: spawn(program, data, log, flags)?, address: String::new() };
        let stdout = process.server.stdout.take().context("the server has no standard output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().strip_prefix("Hanami listens on ");
        let address = address.with_context(|| {
            let logged = fs::read_to_string(log).unwrap_or_default();
            format!("the server did not start; it logged:\n{logged}")
        })?;
        address.clone_into(&mut process.address);
        Ok(process)
    }

    /// Its URL.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Kills it with SIGKILL, and waits until it is gone.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn kill(mut self) -> Result<()> {
        self.server.kill()?;
        self.server.wait()?;
        Ok(())
    }

    /// Asks it to end, with SIGTERM.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn ask_to_end(&self) -> Result<()> {
        let pid = Pid::from_child(&self.server);
        kill_process(pid, Signal::TERM).context("can't send SIGTERM")
    }

    /// Whether it has ended.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn has_ended(&mut self) -> Result<bool> {
        Ok(self.server.try_wait()?.is_some())
    }

    /// Asks it to end and waits until it has.
    ///
    /// # Errors
    ///
    /// If it does not end within a minute, or not with success.
    pub async fn end(mut self) -> Result<()> {
        self.ask_to_end()?;
        let status = self.wait().await?;
        ensure!(status.success(), "the server ended with {status} after SIGTERM");
        Ok(())
    }

    async fn wait(&mut self) -> Result<ExitStatus> {
        let asked = Instant::now();
        loop {
            if let Some(status) = self.server.try_wait()? {
                return Ok(status);
            }
            ensure!(asked.elapsed() < PATIENCE, "the server does not end after SIGTERM");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Memory in use, in bytes.
    ///
    /// # Errors
    ///
    /// If the system does not tell.
    pub fn memory(&self) -> Result<u64> {
        Ok(self.status("VmRSS:")? * 1024)
    }

    /// Number of threads.
    ///
    /// # Errors
    ///
    /// If the system does not tell.
    pub fn threads(&self) -> Result<u64> {
        self.status("Threads:")
    }

    /// Number of open descriptors.
    ///
    /// # Errors
    ///
    /// If the system does not tell.
    pub fn descriptors(&self) -> Result<u64> {
        Ok(fs::read_dir(format!("/proc/{}/fd", self.server.id()))?.count() as u64)
    }

    /// Processor time used so far by all threads together.
    ///
    /// # Errors
    ///
    /// If the system does not tell.
    pub fn cpu_time(&self) -> Result<Duration> {
        const MILLISECONDS_PER_TICK: u64 = 10;
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.server.id()))?;
        // The name in brackets may hold spaces; the times are the 12th and 13th word after it.
        let (_, words) = stat.rsplit_once(')').context("/proc/PID/stat without a name")?;
        let ticks = words.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        let ticks: u64 = ticks.sum::<Result<_, _>>()?;
        Ok(Duration::from_millis(ticks * MILLISECONDS_PER_TICK))
    }

    /// The number behind `key` in the process's status.
    fn status(&self, key: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(key));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.with_context(|| format!("no {key} in /proc/PID/status"))?.parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself, which whoever used it has noticed then.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Starts `program` and kills it after `delay`, which may be before it listens.
///
/// # Errors
///
/// If it can't be started.
pub async fn start_and_kill(
    program: &Path,
    data: &Path,
    log: &Path,
    flags: &[&str],
    delay: Duration,
) -> Result<()> {
    let process = Process { server: spawn(program, data, log, flags)?, address: String::new() };
    tokio::time::sleep(delay).await;
    process.kill()
}

fn spawn(program: &Path, data: &Path, log: &Path, flags: &[&str]) -> Result<Child> {
    let log = fs::File::options().create(true).append(true).open(log)?;
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data).args(flags);
    command.env_clear().envs([("HANAMI_ADMIN_USER_ID", ADMIN), ("HANAMI_ADMIN_USER_NAME", ADMIN)]);
    command.env("HANAMI_ADMIN_PASSWORD", PASSWORD);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    command.spawn().with_context(|| format!("can't start {}", program.display()))
}
