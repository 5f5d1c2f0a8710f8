//! The interface against its own description: schemathesis makes up requests from the OpenAPI
//! document, single ones and chains of them, valid and not, and looks whether the answers are as
//! described: no 5xx, no endpoint that forgets to ask for a token, no body that breaks its schema.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{
    command::{cargo, succeed},
    server::{ADMIN, ADMIN_ID, ADMIN_PASSWORD, Server},
    step::Verdict,
};

/// Where everything is that this makes.
const FOLDER: &str = "target/contract";
const CONFIG: &str = "xtask/contract/schemathesis.toml";
const REQUIREMENTS: &str = "xtask/contract/requirements.txt";

/// Seconds that the step of `cargo xtask test` takes, and what its random choices begin with.
const BOUNDED: (u32, u64) = (90, 1);

/// Most of the passwords that are tried are made up.
const SETTINGS: [(&str, &str); 1] = [("HANAMI_LOGIN_TRIES", "4294967295")];

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
    let server = Server::start("target/debug/hanami", Path::new(FOLDER), &SETTINGS)?;
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
    ensure!(admin_can_log_in(&server)?, "the run has lost its admin, and was refused since");
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

/// Whether the admin's password is still the one that the run has.
fn admin_can_log_in(server: &Server) -> Result<bool> {
    let address = server.address.trim_start_matches("http://");
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
