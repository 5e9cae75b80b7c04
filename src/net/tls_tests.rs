use super::super::{Connected, NetErrorKind, Protocol, Tls, secure};
use super::*;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A CA of the tests, and certificates from it.
struct Ca {
    certificate: rcgen::Certificate,
    key: KeyPair,
    dir: tempfile::TempDir,
}

impl Ca {
    fn new() -> Ca {
        let key = KeyPair::generate().expect("key");
        let mut params = CertificateParams::new(Vec::new()).expect("params");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("sign");
        let dir = tempfile::tempdir().expect("dir");
        std::fs::write(dir.path().join("ca.pem"), certificate.pem()).expect("write");
        Ca { certificate, key, dir }
    }

    fn acceptor(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> TlsAcceptor {
        let key = KeyPair::generate().expect("key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("params");
        change(&mut params);
        let issued = params.signed_by(&key, &self.certificate, &self.key).expect("sign");
        let secret = PrivateKeyDer::try_from(key.serialize_der()).expect("key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![issued.der().clone()], secret)
            .expect("config");
        TlsAcceptor::from(Arc::new(config))
    }

    fn endpoint(&self, tls: Tls) -> Endpoint {
        let ca_file = Some(self.dir.path().join("ca.pem"));
        Endpoint { host: "imap.sirt.test".into(), port: 993, tls, ca_file }
    }
}

/// The server's end says hello through TLS, after STARTTLS where the endpoint asks for it.
async fn meet(acceptor: TlsAcceptor, endpoint: &Endpoint) -> Result<Connected, NetError> {
    let (ours, mut theirs) = duplex(64 * 1024);
    let starttls = endpoint.tls == Tls::StartTls;
    tokio::spawn(async move {
        if starttls {
            theirs.write_all(b"* OK ready\r\n").await.expect("write");
            let mut command = [0; 12];
            theirs.read_exact(&mut command).await.expect("read");
            assert_eq!(&command, b"a STARTTLS\r\n");
            theirs.write_all(b"a OK go\r\n").await.expect("write");
        }
        if let Ok(mut stream) = acceptor.accept(theirs).await {
            let _ = stream.write_all(b"hello").await;
            let _ = stream.shutdown().await;
        }
    });
    secure(ours, endpoint, Protocol::Imap).await
}

fn refused(done: Result<Connected, NetError>, part: &str) {
    let error = done.expect_err("must be refused");
    assert!(error.words.starts_with("imap.sirt.test:993: "), "{}", error.words);
    assert!(error.words.contains(part), "{}", error.words);
    assert_eq!(error.kind, NetErrorKind::Settings);
}

#[tokio::test]
async fn a_certificate_of_ca_file_for_this_name_is_accepted() {
    let ca = Ca::new();
    for tls in [Tls::Implicit, Tls::StartTls] {
        let endpoint = ca.endpoint(tls);
        let mut done = meet(ca.acceptor("imap.sirt.test", |_| ()), &endpoint).await.expect("tls");
        assert_eq!(done.greeted, tls == Tls::StartTls);
        let mut heard = [0; 5];
        done.stream.read_exact(&mut heard).await.expect("read");
        assert_eq!(&heard, b"hello");
    }
}

#[tokio::test]
async fn eve_has_no_certificate_that_is_accepted() {
    let ca = Ca::new();
    for tls in [Tls::Implicit, Tls::StartTls] {
        let endpoint = ca.endpoint(tls);
        let other = meet(ca.acceptor("imap.eve.test", |_| ()), &endpoint).await;
        refused(other, "for another name");
        let stranger = meet(Ca::new().acceptor("imap.sirt.test", |_| ()), &endpoint).await;
        refused(stranger, "`ca_file`");
        let old = ca.acceptor("imap.sirt.test", |params| {
            params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        });
        refused(meet(old, &endpoint).await, "expired");
        let early = ca.acceptor("imap.sirt.test", |params| {
            params.not_before = rcgen::date_time_ymd(4000, 1, 1);
        });
        refused(meet(early, &endpoint).await, "not valid yet");
    }
}

#[tokio::test]
async fn a_ca_file_without_certificates_is_told() {
    let ca = Ca::new();
    let mut endpoint = ca.endpoint(Tls::Implicit);
    std::fs::write(ca.dir.path().join("empty.pem"), "nothing here\n").expect("write");
    for (file, words) in [("empty.pem", "no certificate"), ("missing.pem", "cannot be read")] {
        endpoint.ca_file = Some(ca.dir.path().join(file));
        refused(meet(ca.acceptor("imap.sirt.test", |_| ()), &endpoint).await, words);
    }
}

#[tokio::test]
async fn plain_text_where_tls_was_expected_is_told() {
    let ca = Ca::new();
    let (ours, mut theirs) = duplex(1024);
    theirs.write_all(b"* OK ready, without TLS\r\n").await.expect("write");
    refused(secure(ours, &ca.endpoint(Tls::Implicit), Protocol::Imap).await, "not TLS");
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_left_in_time() {
    let ca = Ca::new();
    for tls in [Tls::Implicit, Tls::StartTls] {
        let (ours, _theirs) = duplex(1024);
        let error = secure(ours, &ca.endpoint(tls), Protocol::Imap).await.expect_err("silent");
        assert_eq!(error.kind, NetErrorKind::Temporary);
    }
}
