//! A server as a process, and the program's other commands.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use hanami_client::{Hanami, TaskType, Uuid};

/// What the first admin logs in with.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A network that adds two numbers, with so many neurons in between.
pub(crate) fn adder(neurons: u32) -> String {
    format!(
        "\
version: 1
bricks:
    1,1,1
        input: left
        number_of_neurons: 1
    1,2,1
        input: right
        number_of_neurons: 1
    2,1,1
        number_of_neurons: {neurons}
    3,1,1
        output: sum
        number_of_neurons: 1
"
    )
}

/// Starts a server with these flags; answers it and its URL when it listens.
pub(crate) fn serve(directory: &Path, flags: &[&str], log: Stdio) -> (Child, String) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_hanami"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(directory)
        .args(flags)
        .env_clear()
        .envs([("HANAMI_ADMIN_USER_ID", "chief"), ("HANAMI_ADMIN_USER_NAME", "chief")])
        .env("HANAMI_ADMIN_PASSWORD", PASSWORD)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("Hanami listens on ").unwrap().to_owned();
    (server, address)
}

/// A server as a process, that is killed when this is dropped.
pub(crate) struct Process {
    server: Child,
    pub(crate) address: String,
    pub(crate) hanami: Hanami,
}

impl Process {
    pub(crate) async fn start(directory: &Path) -> Self {
        let (server, address) = serve(directory, &["--training-save-seconds", "1"], Stdio::null());
        let hanami = Hanami::connect(&address, "chief", PASSWORD).await.unwrap();
        Self { server, address, hanami }
    }
}

impl Drop for Process {
    /// `Child::kill` sends SIGKILL.
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

/// Runs a command to its end.
pub(crate) fn hanami(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hanami"));
    command.args(arguments).env_clear().output().unwrap()
}

/// What the doctor says of a directory, and its exit code.
pub(crate) fn doctor(directory: &Path) -> (serde_json::Value, Option<i32>) {
    let output = hanami(&["doctor", "--json", "--data-dir", directory.to_str().unwrap()]);
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code())
}

/// A table whose column `sum` is the sum of the two others.
pub(crate) fn table(rows: u32) -> Vec<u8> {
    let row = |i: u32| format!("{},{},{}\n", i * 7 % 10, i * 3 % 8, i * 7 % 10 + i * 3 % 8);
    let rows = (0..rows).map(row);
    std::iter::once("left,right,sum\n".to_owned()).chain(rows).collect::<String>().into_bytes()
}

/// The answers of a cluster to a whole dataset.
pub(crate) async fn answers(hanami: &Hanami, cluster: Uuid, dataset: Uuid) -> Vec<f64> {
    let task = hanami.create_task("request", TaskType::Request, cluster, dataset).await.unwrap();
    hanami.wait(cluster, task.uuid, |_| ()).await.unwrap();
    hanami.request_result(task.uuid).await.unwrap().data
}
