//! TLS as a client: the system's roots and `ca_file`, the host's name checked, always.

use super::{Endpoint, NetError, Stream, tcp};
use crate::net::Duplex;
use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::task::spawn_blocking;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore};

pub(super) async fn client<S: Duplex + 'static>(
    stream: S,
    endpoint: &Endpoint,
) -> Result<Stream, NetError> {
    let name = ServerName::try_from(tcp::bare(&endpoint.host).to_owned())
        .map_err(|_| NetError::settings(endpoint, "`host` is not a host name"))?;
    let connector = TlsConnector::from(config(endpoint).await?);
    match connector.connect(name, stream).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(words(endpoint, &error)),
    }
}

async fn config(endpoint: &Endpoint) -> Result<Arc<ClientConfig>, NetError> {
    let file = endpoint.ca_file.clone();
    let roots = spawn_blocking(move || roots(file.as_deref())).await;
    let roots = roots
        .unwrap_or(Err("the CA certificates could not be read"))
        .map_err(|words| NetError::settings(endpoint, words))?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| NetError::settings(endpoint, "no TLS version to speak"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The system's roots, with the certificates of `ca_file` added. Unusable system roots are
/// skipped, as everywhere; an unusable `ca_file` is a mistake to be told.
fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, &'static str> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = ca_file {
        let unreadable = "`ca_file` cannot be read as PEM certificates";
        let before = roots.len();
        for certificate in CertificateDer::pem_file_iter(file).map_err(|_| unreadable)? {
            roots.add(certificate.map_err(|_| unreadable)?).map_err(|_| unreadable)?;
        }
        if roots.len() == before {
            return Err("`ca_file` holds no certificate");
        }
    }
    if roots.is_empty() {
        return Err("no CA certificates here; install ca-certificates or set `ca_file`");
    }
    Ok(roots)
}

fn words(endpoint: &Endpoint, error: &io::Error) -> NetError {
    let cause = error.get_ref().and_then(|inner| (inner as &dyn Error).downcast_ref::<TlsError>());
    match cause {
        Some(TlsError::InvalidCertificate(why)) => NetError::settings(endpoint, certificate(why)),
        Some(TlsError::InvalidMessage(_)) => {
            NetError::settings(endpoint, "the answer is not TLS; check `port` and `tls`")
        }
        Some(_) => NetError::temporary(endpoint, "the TLS handshake failed"),
        None => NetError::temporary(endpoint, "the connection ended in the TLS handshake"),
    }
}

fn certificate(why: &CertificateError) -> &'static str {
    use CertificateError as Why;
    match why {
        Why::Expired | Why::ExpiredContext { .. } => {
            "the server's certificate has expired; renew it there"
        }
        Why::NotValidYet | Why::NotValidYetContext { .. } => {
            "the server's certificate is not valid yet; compare the clocks"
        }
        Why::NotValidForName | Why::NotValidForNameContext { .. } => {
            "the server's certificate is for another name; set `host` to a name it stands for"
        }
        Why::UnknownIssuer | Why::BadSignature => {
            "the server's certificate is from a CA unknown here; set `ca_file` to that CA"
        }
        Why::Revoked => "the server's certificate has been revoked",
        _ => "the server's certificate cannot be accepted",
    }
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
