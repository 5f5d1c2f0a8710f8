//! A real server on a free port, a client that is logged in, and small data.

use std::net::Ipv4Addr;

use hanami_client::{Hanami, Uuid};
use hanami_server::{Server, Settings};
use secrecy::ExposeSecret;
use tempfile::TempDir;

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

/// A client for bare HTTP.
pub(crate) fn http() -> reqwest::Client {
    // Fails when it is installed already, by another test.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// A running server and a client of its admin.
pub(crate) struct Site {
    server: Server,
    // Deleted when it is dropped, after the server.
    _directory: TempDir,
    pub(crate) hanami: Hanami,
}

impl Site {
    pub(crate) async fn start() -> Self {
        Self::start_with(Settings::default()).await
    }

    /// Starts a server with `settings`, but on a free port and in a new directory.
    pub(crate) async fn start_with(settings: Settings) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let server = Server::start(Settings {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            data_dir: directory.path().to_owned(),
            ..settings
        })
        .await
        .unwrap();
        let address = server.address().to_string();
        let hanami = Hanami::connect(&address, "admin", passphrase(&server)).await.unwrap();
        Self { server, _directory: directory, hanami }
    }

    pub(crate) fn address(&self) -> String {
        self.server.address().to_string()
    }

    pub(crate) fn passphrase(&self) -> &str {
        passphrase(&self.server)
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await;
    }

    /// Uploads images whose left half is bright in class 0 and dark in class 1.
    pub(crate) async fn upload_halves(&self, name: &str, count: u32) -> Uuid {
        let (images, labels) = halves(count);
        self.hanami.upload_mnist(name, images, labels, |_, _| ()).await.unwrap()
    }
}

fn passphrase(server: &Server) -> &str {
    server.first_admin().unwrap().passphrase.expose_secret()
}

/// IDX files of `count` images of 2 x 2 pixels, see [`Site::upload_halves`], and of their labels.
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
