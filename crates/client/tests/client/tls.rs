//! HTTPS, and websockets over it.

use std::net::Ipv4Addr;

use hanami_client::{ClientError, Hanami, Mode, Trust};
use hanami_server::{Server, Settings};
use secrecy::ExposeSecret;

use crate::common::{TEMPLATE, halves};

#[tokio::test]
async fn everything_works_over_tls_with_whom_one_trusts() {
    let directory = tempfile::tempdir().unwrap();
    let pair = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key) = (directory.path().join("chain.pem"), directory.path().join("key.pem"));
    std::fs::write(&certificate, pair.cert.pem()).unwrap();
    std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    let settings = Settings {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        data_dir: directory.path().join("data"),
        tls_certificate: certificate,
        tls_key: key,
        ..Settings::default()
    };
    let server = Server::start(settings).await.unwrap();
    let (url, password) =
        (server.url(), server.first_admin().unwrap().passphrase.expose_secret().to_owned());
    let connect =
        async |trust: Trust| Hanami::connect_trusting(&trust, &url, "admin", &password).await;

    let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    for stranger in [Trust::System, Trust::Only(other.cert.pem().into())] {
        let refused = connect(stranger).await.unwrap_err();
        assert!(matches!(refused, ClientError::Unreachable { .. }), "{refused}");
    }
    for (name, trust) in [("one", Trust::Only(pair.cert.pem().into())), ("all", Trust::Anyone)] {
        let hanami = connect(trust).await.unwrap();
        let (images, labels) = halves(10);
        let name = format!("the {name}");
        hanami.upload_mnist(&name, images, labels, |_, _| ()).await.unwrap();
        let cluster = hanami.create_cluster(&name, Some(TEMPLATE)).await.unwrap();
        hanami.set_mode(cluster.uuid, Mode::Direct).await.unwrap();
        let mut direct = hanami.direct(cluster.uuid).await.unwrap();
        assert_eq!(direct.request(&[("pixels", &[1.0; 4])]).await.unwrap().len(), 10);
    }
    server.stop().await;
}
