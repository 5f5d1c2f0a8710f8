//! HTTPS and secure websockets, with certificates made for each test.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hanami_server::{Server, Settings};
use rcgen::{CertifiedKey, KeyPair};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

type Pair = CertifiedKey<KeyPair>;

/// A certificate for this machine, and its key.
fn pair() -> Pair {
    rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap()
}

/// A running server that speaks TLS.
struct Site {
    server: Server,
    directory: tempfile::TempDir,
}

impl Site {
    async fn start(pair: &Pair) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path(), pair);
        let server = Server::start(settings(directory.path())).await.unwrap();
        Self { server, directory }
    }

    /// Agrees on TLS with the server, whoever it is.
    async fn connect(&self, trusted: &[&Pair]) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        for pair in trusted {
            roots.add(pair.cert.der().clone()).unwrap();
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let tcp = TcpStream::connect(self.server.address()).await?;
        let name = ServerName::try_from("127.0.0.1").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, tcp).await
    }

    /// Waits until the server has another certificate than before.
    async fn until_it_has(&self, pair: &Pair) {
        while self.connect(&[pair]).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn files(directory: &Path) -> (PathBuf, PathBuf) {
    (directory.join("certificate.pem"), directory.join("key.pem"))
}

fn settings(directory: &Path) -> Settings {
    let (tls_certificate, tls_key) = files(directory);
    Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        data_dir: directory.join("data"),
        tls_certificate,
        tls_key,
        ..Settings::default()
    }
}

fn write(directory: &Path, pair: &Pair) {
    let (certificate, key) = files(directory);
    std::fs::write(certificate, pair.cert.pem()).unwrap();
    std::fs::write(key, pair.signing_key.serialize_pem()).unwrap();
}

/// Asks for the health of the server over an open connection.
async fn ask(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: hanami\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"{}") {
        assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "closed");
    }
    String::from_utf8(answer).unwrap()
}

fn shown(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

#[tokio::test]
async fn requests_are_answered_over_tls_and_only_so() {
    let pair = pair();
    let site = Site::start(&pair).await;
    assert!(site.server.url().starts_with("https://127.0.0.1:"));
    let mut stream = site.connect(&[&pair]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200"));
    // Whoever does not trust the certificate does not talk to the server.
    site.connect(&[&self::pair()]).await.unwrap_err();
    let plain = crate::common::http().get(format!("http://{}/healthz", site.server.address()));
    assert!(plain.send().await.is_err());
}

#[tokio::test]
async fn websockets_open_over_tls() {
    let pair = pair();
    let site = Site::start(&pair).await;
    let stream = site.connect(&[&pair]).await.unwrap();
    let url = format!("ws://{}/", site.server.address());
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    let hello = r#"{"token": "none", "target": "cluster", "uuid": "none"}"#;
    futures_util::SinkExt::send(&mut socket, hello.into()).await.unwrap();
    let answer = futures_util::StreamExt::next(&mut socket).await.unwrap().unwrap();
    assert!(answer.to_text().unwrap().contains("first message"), "{answer}");
}

#[tokio::test]
async fn a_new_certificate_is_taken_up_and_open_connections_stay() {
    let (old, new) = (pair(), pair());
    let site = Site::start(&old).await;
    let mut open = site.connect(&[&old, &new]).await.unwrap();
    ask(&mut open).await;
    write(site.directory.path(), &new);
    site.until_it_has(&new).await;
    ask(&mut open).await;
    assert_eq!(shown(&open), *old.cert.der());
    site.connect(&[&old]).await.unwrap_err();
}

#[tokio::test]
async fn a_bad_new_certificate_leaves_the_old_one_in_place() {
    let (old, new) = (pair(), pair());
    let site = Site::start(&old).await;
    let (certificate, key) = files(site.directory.path());
    for (file, bad) in
        [(&certificate, "nonsense".to_owned()), (&key, new.signing_key.serialize_pem())]
    {
        std::fs::write(file, bad).unwrap();
        // Long enough for the server to look; should it not, nothing is proven, but nothing fails.
        tokio::time::sleep(Duration::from_millis(800)).await;
        assert_eq!(shown(&site.connect(&[&old]).await.unwrap()), *old.cert.der());
    }
    std::fs::remove_file(&certificate).unwrap();
    tokio::time::sleep(Duration::from_millis(800)).await;
    site.connect(&[&old]).await.unwrap();
    write(site.directory.path(), &new);
    site.until_it_has(&new).await;
}

#[tokio::test]
async fn files_that_cannot_be_used_are_start_errors_that_name_them() {
    let directory = tempfile::tempdir().unwrap();
    let (certificate, key) = files(directory.path());
    let good = pair();
    let error = async |settings: Settings| {
        let started = Server::start(settings).await;
        started.err().expect("it does not start").to_string()
    };
    let fails = async |certificate_pem: &str, key_pem: &str| {
        std::fs::write(&certificate, certificate_pem).unwrap();
        std::fs::write(&key, key_pem).unwrap();
        error(settings(directory.path())).await
    };
    let missing = error(settings(directory.path())).await;
    assert!(missing.contains("can't read") && missing.contains("certificate.pem"), "{missing}");

    let (certificate_pem, key_pem) = (good.cert.pem(), good.signing_key.serialize_pem());
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let other = pair().signing_key.serialize_pem();
    for (certificate_pem, key_pem, file, reason) in [
        ("", &*key_pem, "certificate.pem", "no certificate"),
        (&*key_pem, &*key_pem, "certificate.pem", "no certificate"),
        (&*certificate_pem, "", "key.pem", "no private key"),
        (&*certificate_pem, &*certificate_pem, "key.pem", "no private key"),
        (&*certificate_pem, encrypted, "key.pem", "encrypted"),
        (&*certificate_pem, &*other, "certificate.pem", "not usable with the key"),
    ] {
        let error = fails(certificate_pem, key_pem).await;
        assert!(error.contains(file) && error.contains(reason), "{error}");
    }

    let half = Settings { tls_key: PathBuf::new(), ..settings(directory.path()) };
    let error = error(half).await;
    assert!(error.contains("tls_certificate is set, but not tls_key"), "{error}");
}

#[tokio::test]
async fn who_does_not_agree_on_tls_is_hung_up_on() {
    let site = Site::start(&pair()).await;
    let mut silent = TcpStream::connect(site.server.address()).await.unwrap();
    let mut nothing = Vec::new();
    // Ends when the server hangs up; it may do so with or without a farewell.
    let _ = silent.read_to_end(&mut nothing).await;
    assert!(nothing.len() < 100);
}
