//! Why a log does not open, and that nobody learns a password from it.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpSocket;
use tracing::instrument::WithSubscriber as _;

use super::*;

/// Long enough to try twice, also where the first time takes a while.
const SOON: Duration = Duration::from_secs(6);

async fn refusal(url: &str) -> ConnectError {
    match PostgresLog::open_within(url, SOON).await {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn what_is_no_url_is_told() {
    for url in [
        "",
        "/var/lib/comanda",
        "mysql://someone:secret@host/database",
        "postgres://someone:secret@host:port/database",
        "postgres://someone@host/database?pasword=secret",
        "postgres://someone:secret@host/database?sslmod=verify-full",
    ] {
        let refused = refusal(url).await;
        assert!(matches!(refused, ConnectError::BadUrl { .. }), "{refused}");
        assert!(refused.to_string().ends_with("It is written postgres://user:password@host:5432/database"), "{refused}");
        assert!(!format!("{refused} {refused:?}").contains("secret"), "{refused}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_a_missing_database_are_told_at_once() {
    let place = Place::shared();
    let url = place.database().await;
    let refused = refusal(&url.replace("comanda:comanda", "comanda:wrong")).await;
    assert!(matches!(refused, ConnectError::Denied { .. }), "{refused}");
    assert!(refused.to_string().contains("Correct the user and the password"), "{refused}");
    let refused = refusal(&place.postgres.url("never_made")).await;
    assert!(matches!(refused, ConnectError::NoDatabase { .. }), "{refused}");
    assert!(refused.to_string().contains("/never_made. Create it"), "{refused}");
}

#[tokio::test]
async fn a_role_that_may_not_make_tables_is_told() {
    let place = Place::shared();
    let url = place.database().await;
    let grant = "CREATE ROLE guest LOGIN PASSWORD 'guest'; REVOKE CREATE ON SCHEMA public FROM PUBLIC";
    place.execute(&url, grant).await.expect("a test may change its database");
    let refused = refusal(&url.replace("comanda:comanda", "guest:guest")).await;
    assert!(matches!(refused, ConnectError::NotAllowed { .. }), "{refused}");
}

#[tokio::test]
async fn a_database_that_can_not_keep_every_text_is_told() {
    let place = Place::shared();
    let url = place.database_with("ENCODING 'LATIN1' TEMPLATE template0").await;
    let refused = refusal(&url).await;
    assert!(matches!(&refused, ConnectError::NotUtf8 { encoding, .. } if encoding == "LATIN1"), "{refused}");
}

#[tokio::test]
async fn a_database_from_a_newer_comanda_is_told() {
    let place = Place::shared();
    let url = place.database().await;
    open(&url).await.close().await;
    let migration = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                     VALUES (99, 'what is to come', true, '', 0)";
    place.execute(&url, migration).await.expect("nothing refuses");
    let refused = refusal(&url).await;
    assert!(matches!(refused, ConnectError::NewerSchema { found: 99, known: 1, .. }), "{refused}");
}

#[tokio::test]
async fn several_servers_that_start_at_once_make_the_tables_once() {
    let place = Place::shared();
    let url = place.database().await;
    let logs = join_all((0..6).map(|_| open(&url))).await;
    for (n, log) in (0..).zip(&logs) {
        assert_eq!(log.commit(one(&seating(n), 0, numbered("s", [1]))).await, Ok(()));
    }
}

/// What is written to the log of what the server does.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_waited_for_and_its_password_told_to_nobody() {
    let told = Told::default();
    let writer = told.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    // A port that is taken, and on which nobody listens.
    let taken = TcpSocket::new_v4().expect("there are sockets");
    taken.bind(([127, 0, 0, 1], 0).into()).expect("there is a free port");
    let port = taken.local_addr().expect("it is bound").port();
    let url = format!("postgres://someone:hush-hush@127.0.0.1:{port}/orders?application_name=tests");
    let nobody = async { refusal(&url).await }.with_subscriber(subscriber).await;
    assert!(matches!(nobody, ConnectError::Unreachable { .. }), "{nobody}");
    assert!(nobody.to_string().contains(&format!("127.0.0.1:{port}/orders")), "{nobody}");

    let place = Place::shared();
    let url = place.database().await;
    let log = open(&url).await;
    let told = String::from_utf8(told.0.lock().expect("nobody panics here").clone()).expect("it is text");
    assert!(told.contains("waiting for it"), "{told}");
    let all = format!("{told}\n{nobody}\n{nobody:?}\n{:?}\n{log:?}", open::Database::parse(&url));
    assert!(!all.contains("hush-hush") && !all.contains("comanda:"), "{all}");
}
