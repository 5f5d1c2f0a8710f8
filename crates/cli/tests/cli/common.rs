//! A real server on a free port, and runs of the binary with a home of their own.

use std::{
    fs,
    io::Write,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use hanami_server::{AdminWish, Server, Settings};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Four pixels in, one of ten classes out, of which the data here uses two.
pub(crate) const TEMPLATE: &str = "\
version: 1
bricks:
    1,1,1
        input: pixels
        number_of_neurons: 4
    2,1,1
        number_of_neurons: 16
    3,1,1
        output: class
        number_of_neurons: 10
";

/// A running server, and a directory for files and log-ins.
pub(crate) struct Site {
    runtime: Runtime,
    settings: Settings,
    server: Option<Server>,
    directory: TempDir,
    pub(crate) url: String,
}

impl Site {
    pub(crate) fn start() -> Self {
        Self::start_with(Settings::default())
    }

    /// Starts a server with `settings`, but on a free port, in a new directory, and with the
    /// password above for its admin.
    pub(crate) fn start_with(settings: Settings) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let first_admin = AdminWish {
            id: Some("admin".to_owned()),
            name: Some("Admin".to_owned()),
            password: Some(PASSWORD.to_owned().into()),
        };
        let settings = Settings {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            data_dir: directory.path().join("data"),
            first_admin,
            ..settings
        };
        let server = runtime.block_on(Server::start(settings.clone())).unwrap();
        let (url, listen) = (server.url(), server.address());
        let settings = Settings { listen, ..settings };
        Self { runtime, settings, server: Some(server), directory, url }
    }

    /// Stops the server, and starts it anew at the same address with the same data.
    pub(crate) fn restart(&mut self) {
        self.stop();
        let server = self.runtime.block_on(Server::start(self.settings.clone())).unwrap();
        self.server = Some(server);
    }

    pub(crate) fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }

    /// The path of a file in the site's directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file; answers its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The binary without any log-in, pointed at this server.
    pub(crate) fn nobody(&self) -> Hanamictl {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hanamictl"));
        command.env_clear().env("XDG_CONFIG_HOME", self.path("config"));
        command.env("HANAMI_ADDRESS", &self.url);
        Hanamictl { command, input: Vec::new() }
    }

    /// The binary with a user and a password in its environment.
    pub(crate) fn user(&self, id: &str, password: &str) -> Hanamictl {
        self.nobody().env("HANAMI_USER", id).env("HANAMI_PW", password)
    }

    /// The binary as the admin.
    pub(crate) fn admin(&self) -> Hanamictl {
        self.user("admin", PASSWORD)
    }

    /// Makes a cluster from the template above; answers its uuid.
    pub(crate) fn cluster(&self, name: &str) -> String {
        let template = self.file("cluster.template", TEMPLATE);
        self.admin().made(&["cluster", "create", "-t", &template, name])
    }

    /// Uploads images whose left half is bright in class 0 and dark in class 1; answers the uuid.
    pub(crate) fn halves(&self, name: &str, count: u32) -> String {
        let (images, labels) = halves(count);
        let (images, labels) = (self.file("images", images), self.file("labels", labels));
        self.admin().made(&["dataset", "create", "mnist", "-i", &images, "-l", &labels, name])
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The binary, about to be run.
pub(crate) struct Hanamictl {
    command: Command,
    input: Vec<u8>,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Hanamictl {
    pub(crate) fn env(mut self, variable: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(variable, value);
        self
    }

    pub(crate) fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    pub(crate) fn run(mut self, arguments: &[&str]) -> Outcome {
        self.command.args(arguments).stdin(Stdio::piped());
        let mut child = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A run that does not read its input breaks the pipe; that is no failure of a test.
        let _ = child.stdin.take().unwrap().write_all(&self.input);
        let output = child.wait_with_output().unwrap();
        Outcome {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs while the test goes on; nobody reads stderr.
    pub(crate) fn spawn(mut self, arguments: &[&str]) -> Child {
        self.command.args(arguments).stdin(Stdio::null());
        self.command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs with nobody who reads stdout.
    pub(crate) fn run_deaf(mut self, arguments: &[&str]) -> Outcome {
        self.command.args(arguments).stdin(Stdio::null());
        let mut child = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        Outcome { code: output.status.code().unwrap(), stdout: String::new(), stderr }
    }

    /// Runs to a success; answers stdout.
    pub(crate) fn ok(self, arguments: &[&str]) -> String {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, 0, "{arguments:?}: {outcome:?}");
        outcome.stdout
    }

    /// Runs to a success with `--json`; answers what was printed.
    pub(crate) fn json(self, arguments: &[&str]) -> Value {
        let printed = self.ok(&[&["--json"], arguments].concat());
        serde_json::from_str(&printed).unwrap()
    }

    /// Runs to a success with `--quiet`; answers the uuid of what was made.
    pub(crate) fn made(self, arguments: &[&str]) -> String {
        self.ok(&[&["--quiet"], arguments].concat()).trim().to_owned()
    }

    /// Runs to a failure with this exit code; answers stderr.
    pub(crate) fn fails(self, code: i32, arguments: &[&str]) -> String {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        outcome.stderr
    }
}

/// IDX files of `count` images of 2 x 2 pixels and of their labels.
pub(crate) fn halves(count: u32) -> (Vec<u8>, Vec<u8>) {
    let mut images = idx(0x0803, &[count, 2, 2]);
    let mut labels = idx(0x0801, &[count]);
    for index in 0..count {
        let (bright, class) = ((100 + index % 100) as u8, (index % 2) as u8);
        let row = if class == 0 { [bright, 0] } else { [0, bright] };
        images.extend([row, row].concat());
        labels.push(class);
    }
    (images, labels)
}

fn idx(magic: u32, sizes: &[u32]) -> Vec<u8> {
    [&[magic], sizes].concat().into_iter().flat_map(u32::to_be_bytes).collect()
}

/// Whether others than its owner may do anything with a file.
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
