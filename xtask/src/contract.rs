//! The interface against its own description: schemathesis makes up requests from the OpenAPI
//! document, single ones and chains of them, valid and not, and looks whether the answers are as
//! described: no 5xx, no endpoint that forgets to ask for a token, no body that breaks its schema.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{
    command::{cargo, succeed},
    step::Verdict,
};

/// Where everything is that this makes.
const FOLDER: &str = "target/contract";
const CONFIG: &str = "xtask/contract/schemathesis.toml";
const REQUIREMENTS: &str = "xtask/contract/requirements.txt";

/// Seconds that the step of `cargo xtask test` takes, and what its random choices begin with.
const BOUNDED: (u32, u64) = (90, 1);

const ADMIN_ID: &str = "contract_admin";
const ADMIN_PASSWORD: &str = "only for this run";

/// The admin of the server that is tried.
const ADMIN: [(&str, &str); 3] = [
    ("HANAMI_ADMIN_USER_ID", ADMIN_ID),
    ("HANAMI_ADMIN_USER_NAME", "Contract admin"),
    ("HANAMI_ADMIN_PASSWORD", ADMIN_PASSWORD),
];

/// The bounded run.
pub(crate) fn check() -> Result<Verdict> {
    let (seconds, seed) = BOUNDED;
    run(seconds, seed)?;
    Ok(Verdict::Passed)
}

/// Tries a fresh server for so many seconds.
pub(crate) fn run(seconds: u32, seed: u64) -> Result<()> {
    let schemathesis = install()?;
    succeed(&mut cargo(&["build", "--locked", "--package", "hanami"]))?;
    let server = Server::start()?;
    // Single requests would use up all of the time before the first chain begins.
    for (phases, share) in [("coverage,fuzzing", 0.6), ("stateful", 0.4)] {
        let mut command = Command::new(&schemathesis);
        command
            .args(["--config-file", CONFIG, "run"])
            .arg(format!("{}/openapi.json", server.address))
            .arg(format!("--phases={phases}"))
            .arg(format!("--max-time={}", (f64::from(seconds) * share).ceil()))
            .arg(format!("--seed={seed}"))
            .envs(ADMIN);
        succeed(&mut command)?;
    }
    ensure!(server.admin_can_log_in()?, "the run has lost its admin, and was refused since");
    Ok(())
}

/// Installs schemathesis where nothing else is touched, unless that was done before.
fn install() -> Result<PathBuf> {
    let environment = Path::new(FOLDER).join("python");
    let wanted = fs::read(REQUIREMENTS).context(REQUIREMENTS)?;
    let installed = environment.join("installed.txt");
    if fs::read(&installed).ok().as_ref() != Some(&wanted) {
        succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        let mut pip = Command::new(environment.join("bin/pip"));
        succeed(pip.args(["install", "--quiet", "--requirement", REQUIREMENTS]))?;
        fs::write(installed, wanted)?;
    }
    Ok(environment.join("bin/schemathesis"))
}

/// A server as a process of its own, on a fresh data directory; killed when this is dropped.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start() -> Result<Self> {
        let data = Path::new(FOLDER).join("data");
        if data.exists() {
            fs::remove_dir_all(&data).context("can't remove the data of the last run")?;
        }
        let log = fs::File::create(Path::new(FOLDER).join("server.log"))?;
        let mut process = Command::new("target/debug/hanami")
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data)
            .envs(ADMIN)
            // Most of the passwords that are tried are made up.
            .env("HANAMI_LOGIN_TRIES", u32::MAX.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("can't start the server")?;
        let mut line = String::new();
        let stdout = process.stdout.as_mut().context("the server has no standard output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().strip_prefix("Hanami listens on ").map(str::to_owned);
        let server = Self { address: address.unwrap_or_default(), process };
        ensure!(!server.address.is_empty(), "the server did not start: see {FOLDER}/server.log");
        Ok(server)
    }

    /// Whether the admin's password is still the one that the run has.
    fn admin_can_log_in(&self) -> Result<bool> {
        let address = self.address.trim_start_matches("http://");
        let body = json!({"id": ADMIN_ID, "password": ADMIN_PASSWORD}).to_string();
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "POST /control/v1/token HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200 "))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which the run has told then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
