//! What a server stands on: its port, its log, its bus, its secrets.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::bus::{Bus, Heard};
use crate::config::{Serve, Storage};
use crate::identity::Secrets;
use crate::log::{EventLog, PostgresLog, SqliteLog};

pub(super) async fn listen(serve: &Serve) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(serve.host, serve.port);
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("{address} is taken by another program; choose another with --port, or end that one")
        }
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("{address} is not ours to take; choose a port above 1023 with --port")
        }
        _ => anyhow::anyhow!("can't listen on {address}: {error}"),
    })
}

pub(super) async fn open_log(storage: &Storage) -> anyhow::Result<Arc<dyn EventLog>> {
    if let Some(url) = &storage.database_url {
        return Ok(Arc::new(PostgresLog::open(url).await.context("can't open the log in PostgreSQL (--database-url)")?));
    }
    let log = SqliteLog::open(&storage.data).await.context("can't open the log; choose another directory with --data")?;
    Ok(Arc::new(log))
}

/// How this server hears of others, if there can be any.
pub(super) fn open_bus(storage: &Storage) -> anyhow::Result<(Arc<Bus>, Option<mpsc::Receiver<Heard>>)> {
    Ok(match (&storage.database_url, storage.redis_url.clone()) {
        (None, _) => (Arc::new(Bus::alone()), None),
        (Some(_), None) => {
            tracing::warn!("without --redis-url other servers' commits are seen up to two seconds late");
            (Arc::new(Bus::silent()), None)
        }
        (Some(_), Some(topology)) => {
            // TLS needs to know with whose arithmetic; whoever chose before us chose the same.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let topology = match &storage.redis_ca_file {
                Some(path) => {
                    let read = std::fs::read(path).with_context(|| format!("can't read {}", path.display()));
                    topology.vouched_for_by(read?)
                }
                None => topology,
            };
            let (bus, heard) = Bus::redis(topology);
            (Arc::new(bus), Some(heard))
        }
    })
}

pub(super) fn secrets(serve: &Serve) -> anyhow::Result<Secrets> {
    match (&serve.secret, &serve.secret_file) {
        (Some(secret), _) => Secrets::read(secret).context("--secret can't be used"),
        (None, Some(path)) => Secrets::from_file(path),
        (None, None) => Secrets::from_file_or_new(&serve.storage.data.join("secret")),
    }
}
