//! TLS to PostgreSQL: the certificate and the name in it are checked.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use store::{Sharing, Store};
use tempfile::TempDir;
use tests::Engine;
use tests::postgres::{self, Cluster};

/// Names the database to a process that [`open`] starts.
const URL_VARIABLE: &str = "SWITCHBOARD_TEST_TLS_URL";

/// An authority with its certificate, and a certificate of a server at 127.0.0.1.
fn write_certificates(directory: &Path) {
    let key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    std::fs::write(directory.join("authority.pem"), authority.self_signed(&key).unwrap().pem()).unwrap();
    let authority = Issuer::new(authority, key);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    std::fs::write(directory.join("server.pem"), server.pem()).unwrap();
    std::fs::write(directory.join("server.key"), key.serialize_pem()).unwrap();
    std::fs::set_permissions(directory.join("server.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// A directory with certificates that the account of the server may read.
fn certificates_for(cluster: &Cluster) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    write_certificates(directory.path());
    let owner = std::fs::metadata(format!("/proc/{}", cluster.process_id())).unwrap();
    for path in [directory.path().to_owned(), directory.path().join("server.pem"), directory.path().join("server.key")]
    {
        chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    directory
}

/// Opens a database in a process of its own, which trusts this authority alone, and answers
/// what that process said.
async fn open(url: &str, authority: &Path) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["tls::opens_what_it_is_told", "--exact", "--nocapture"]);
    command.env(URL_VARIABLE, url).env("SSL_CERT_FILE", authority).env_remove("SSL_CERT_DIR");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn opens_what_it_is_told() {
    let Ok(url) = std::env::var(URL_VARIABLE) else { return };
    match Store::open(&url, Sharing::Shared).await {
        Ok((store, _)) => {
            store.read().await.unwrap().meta("key").await.unwrap();
            let mut doorbell = store.doorbell();
            doorbell.rung().await;
            let client = postgres::connect(url.split('?').next().unwrap()).await.unwrap();
            let query = "SELECT count(*) FILTER (WHERE ssl), count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                         WHERE application_name = 'switchboard'";
            let row = client.query_one(query, &[]).await.unwrap();
            println!("opened; {} of {} connections with TLS", row.get::<_, i64>(0), row.get::<_, i64>(1));
        }
        Err(error) => println!("refused: {error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_reached_by_tls_if_its_certificate_is_right() {
    if !Engine::Postgres.is_available().await || !Path::new("/proc/self").exists() {
        return;
    }
    let cluster = Cluster::builder().start().await.unwrap();
    let certificates = certificates_for(&cluster);
    let admin = postgres::connect(&cluster.admin_url()).await.unwrap();
    for (setting, file) in [("ssl_cert_file", "server.pem"), ("ssl_key_file", "server.key")] {
        let path = certificates.path().join(file);
        admin.batch_execute(&format!("ALTER SYSTEM SET {setting} = '{}'", path.display())).await.unwrap();
    }
    admin.batch_execute("ALTER SYSTEM SET ssl = on").await.unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    let database = cluster.create_database().await;
    let url = format!("{}?sslmode=require", database.url());
    let authority = certificates.path().join("authority.pem");

    let said = tests::eventually(std::time::Duration::from_secs(20), async || {
        let said = open(&url, &authority).await;
        if said.contains("server does not support TLS") { Err(said) } else { Ok(said) }
    })
    .await;
    assert!(said.contains("opened; 2 of 2 connections with TLS"), "{said}");
    let said = open(&url.replace("=require", "=verify-full"), &authority).await;
    assert!(said.contains("opened;"), "{said}");

    let stranger = tempfile::tempdir().unwrap();
    write_certificates(stranger.path());
    let said = open(&url, &stranger.path().join("authority.pem")).await;
    assert!(said.contains("refused:") && said.contains("invalid peer certificate"), "{said}");
    let said = open(&url.replace("127.0.0.1", "localhost"), &authority).await;
    assert!(said.contains("refused:") && said.contains("not valid for name \"localhost\""), "{said}");
    let said = open(&url, Path::new("/nowhere")).await;
    assert!(said.contains("refused:") && said.contains("install ca-certificates or set SSL_CERT_FILE"), "{said}");
}
