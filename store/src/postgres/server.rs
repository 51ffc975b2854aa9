//! How a PostgreSQL server is reached, with TLS if its URL asks for it.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a connection may take to be made, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the network may swallow what we send before the connection counts as lost, unless
/// the URL says otherwise. The system alone would wait for a quarter of an hour.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(30);

/// A server and one of its databases.
#[derive(Clone)]
pub(crate) struct Server {
    config: Config,
    /// Only if the URL asks for it: to check a certificate that nobody asked for would refuse
    /// the many servers that made theirs themselves.
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    /// The server that the URL names. The error says what is wrong with the URL, or why the
    /// certificates that TLS needs cannot be had.
    pub(crate) fn from_url(url: &str) -> Result<Self, String> {
        // Whenever TLS is asked for, the certificate and the name in it are checked.
        let url = url.replace("sslmode=verify-full", "sslmode=require");
        let mut config: Config = url.parse().map_err(with_causes)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(TCP_USER_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("switchboard");
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Require => Some(tls()?),
            _ => None,
        };
        Ok(Self { config, tls })
    }

    /// A new connection.
    pub(crate) async fn connect(&self) -> ConnectionResult<AsyncPgConnection> {
        let failed = |error| ConnectionError::BadConnection(with_causes(error));
        match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await.map_err(failed)?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await.map_err(failed)?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await
            }
        }
    }
}

/// TLS that trusts what this system trusts, and what `SSL_CERT_FILE` names.
fn tls() -> Result<MakeRustlsConnect, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let reasons: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
        return Err(format!(
            "TLS needs certificates to trust, and this system has none ({}); install ca-certificates or set \
             SSL_CERT_FILE",
            reasons.join("; ")
        ));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// The words of an error and of what caused it: the driver's own say only that it failed.
fn with_causes(error: tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
