//! HTTPS, with a certificate of one's own.

use hanami_server::Settings;

use crate::common::Site;

#[test]
fn a_certificate_is_trusted_if_it_is_named_or_if_all_are() {
    let directory = tempfile::tempdir().unwrap();
    let pair = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key) = (directory.path().join("chain.pem"), directory.path().join("key.pem"));
    std::fs::write(&certificate, pair.cert.pem()).unwrap();
    std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    let site = Site::start_with(Settings {
        tls_certificate: certificate.clone(),
        tls_key: key,
        ..Settings::default()
    });
    let told = site.admin().fails(6, &["cluster", "list"]);
    assert!(told.contains("--ca FILE"), "{told}");
    site.admin().ok(&["--insecure", "cluster", "list"]);
    site.admin().env("HANAMI_CA", &certificate).ok(&["login"]);
    // The file is kept with the log-in.
    site.nobody().ok(&["cluster", "list"]);
    site.nobody().fails(1, &["--ca", "no/such/file", "cluster", "list"]);
    site.nobody().env("HANAMI_CA", "no/such/file").ok(&["--insecure", "cluster", "list"]);
}
