//! TLS: the certificate and its key, read from files when the server starts and whenever one of
//! the files changes.
//!
//! Connections that are open keep the certificate they began with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::settings::Settings;
use crate::watch::Watch;

/// Most bytes of a file with a certificate or a key.
const MAX_BYTES: u64 = 1 << 20;

/// Why the server can't speak TLS as it is told to.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Only one of the two files is named.
    #[error("{given} is set, but not {missing}: TLS needs both; set both, or none for plain HTTP")]
    Incomplete {
        /// The setting that is there.
        given: &'static str,
        /// The setting that is not.
        missing: &'static str,
    },
    /// A file can't be read.
    #[error("can't read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: {reason}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, and how to mend it.
        reason: String,
    },
}

/// The files that hold a certificate and its key, as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    certificate: PathBuf,
    key: PathBuf,
}

impl TlsFiles {
    /// The files that the settings name; `None` for plain HTTP.
    pub(crate) fn named(settings: &Settings) -> Result<Option<Self>, TlsError> {
        let Settings { tls_certificate: certificate, tls_key: key, .. } = settings;
        let incomplete = |given, missing| Err(TlsError::Incomplete { given, missing });
        match (certificate.as_os_str().is_empty(), key.as_os_str().is_empty()) {
            (true, true) => Ok(None),
            (false, false) => Ok(Some(Self { certificate: certificate.clone(), key: key.clone() })),
            (false, true) => incomplete("tls_certificate", "tls_key"),
            (true, false) => incomplete("tls_key", "tls_certificate"),
        }
    }

    /// Reads the files, and reads them again whenever they change, for as long as `watching` is
    /// polled. A change that makes no valid pair is logged, and the last valid one stays.
    pub(crate) fn open(
        self,
    ) -> Result<(RustlsConfig, impl Future<Output = ()> + Send + 'static), TlsError> {
        let watch = Watch::on(vec![self.certificate.clone(), self.key.clone()]);
        let config = RustlsConfig::from_config(self.load()?);
        let current = config.clone();
        let watching = watch.run(move || match self.load() {
            Ok(loaded) => {
                current.reload_from_config(loaded);
                tracing::info!(certificate = %self.certificate.display(), "another certificate");
            }
            Err(error) => {
                tracing::warn!(%error, "the new certificate can't be used; the old one stays");
            }
        });
        Ok((config, watching))
    }

    fn load(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let chain = chain(&self.certificate)?;
        let key = key(&self.key)?;
        let no_match = |error: rustls::Error| {
            let reason = format!("not usable with the key in {}: {error}", self.key.display());
            TlsError::Invalid { path: self.certificate.clone(), reason }
        };
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(no_match)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// The certificates in a file: the server's own, then those that lead from it to a root.
fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let bytes = read(path)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(invalid(path, "there is no certificate in it (PEM)")),
        Ok(chain) => Ok(chain),
        Err(error) => Err(invalid(path, format!("not a certificate (PEM): {error}"))),
    }
}

/// The private key in a file.
fn key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let bytes = read(path)?;
    match PrivateKeyDer::from_pem_slice(&bytes) {
        Ok(key) => Ok(key),
        Err(_) if is_encrypted(&bytes) => Err(invalid(
            path,
            "the key is encrypted; write it without a passphrase, for example with `openssl pkey`",
        )),
        Err(pem::Error::NoItemsFound) => Err(invalid(path, "there is no private key in it (PEM)")),
        Err(error) => Err(invalid(path, format!("not a private key (PEM): {error}"))),
    }
}

/// Whether a file in PEM format says that a key in it needs a passphrase.
fn is_encrypted(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let unreadable = |source| TlsError::Unreadable { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(unreadable)?.len() > MAX_BYTES {
        return Err(invalid(path, "larger than 1 MiB, which no certificate or key is"));
    }
    std::fs::read(path).map_err(unreadable)
}

fn invalid(path: &Path, reason: impl Into<String>) -> TlsError {
    TlsError::Invalid { path: path.to_owned(), reason: reason.into() }
}
