//! From a configuration to a serving process, and from a signal to its end.

mod foundations;
mod invitation;
mod stop;

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::serve::ListenerExt;

use crate::backend::Pages;
use crate::config::{Command, Config, LogFormat, Serve};
use crate::http::{self, Health, Metrics, Origins};
use crate::identity::Passes;
use crate::identity::passwords::Door;
use crate::live::{self, Delivery, Heartbeat, Live};
use crate::service::Service;
use stop::Stop;

/// Does what the configuration says, until it is done or told to stop.
pub fn run(config: Config) -> anyhow::Result<()> {
    let (serve, is_demo) = match config.command {
        Command::Demo(serve) => (serve, true),
        Command::Serve(serve) => (serve, false),
    };
    write_log(&serve)?;
    raise_file_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("can't start the runtime")?;
    // Leptos renders on whatever executor it is told of.
    any_spawner::Executor::init_tokio().context("can't hand the runtime to the pages")?;
    runtime.block_on(serve_until_stopped(&serve, is_demo))
}

fn write_log(serve: &Serve) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&serve.log).context("--log can't be understood")?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = match serve.log_format {
        LogFormat::Text => subscriber.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    set.map_err(|error| anyhow::anyhow!("can't write a log: {error}"))
}

/// Each screen is an open file: take as many as the system gives.
fn raise_file_limit() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => tracing::debug!(limit, "open files"),
        Err(error) => tracing::warn!(%error, "can't raise the limit of open files; few screens can connect"),
    }
}

async fn serve_until_stopped(serve: &Serve, is_demo: bool) -> anyhow::Result<()> {
    // The port before the data: a second start by mistake changes nothing.
    let listener = foundations::listen(serve).await?;
    let listening = listener.local_addr().context("can't tell the address listened on")?;
    std::fs::create_dir_all(&serve.data)
        .with_context(|| format!("can't make the data directory {}; choose another with --data", serve.data.display()))?;
    let log = foundations::open_log(serve).await?;
    let (bus, heard) = foundations::open_bus(serve)?;
    let delivery = Arc::new(Delivery::new(Arc::clone(&bus)));
    let service = Arc::new(Service::new(log, Arc::clone(&delivery) as _, Arc::clone(&bus)));
    let passes = Passes::new(foundations::secrets(serve)?, serve.is_secure());
    let following = tokio::spawn(Arc::clone(&service).follow_peers(heard));
    let links = invitation::prepare(&service, serve, is_demo, serve.link_base(listening)).await?;

    let health = Arc::new(Health::new(Arc::clone(&service)));
    let heartbeat_every = Duration::from_secs(u64::from(serve.heartbeat_seconds));
    let heartbeat = Heartbeat { interval: heartbeat_every, timeout: heartbeat_every };
    let live = Arc::new(Live::new(Arc::clone(&service), Arc::clone(&delivery), passes.clone(), heartbeat));
    let (layer, io) = live::layer(live);
    let backend = Arc::new(Pages { service: Arc::clone(&service), passes, door: Door::new()? });
    let router = http::router(http::Parts {
        backend,
        health: Arc::clone(&health),
        metrics: Arc::new(Metrics::new(&service, &health, &delivery, &bus, serve.metrics_token.clone())),
        origins: Origins { public_url: serve.public_url.clone() },
        live: layer,
    })?;

    tracing::info!(%listening, venues = links.venues.len(), "serving");
    println!("{}", invitation::invite(&links, serve, is_demo)?);
    // Last: who waits for this file may connect when it is there.
    if let Some(path) = &serve.links {
        links.write(path)?;
    }
    let patience = Duration::from_secs(u64::from(serve.stop_seconds));
    let stop = Stop { health, delivery, io, patience, is_alone: bus.is_alone() };
    let no_delay = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true).and_then(|()| end_if_unread(stream)) {
            tracing::debug!(%error, "can't set a connection's options");
        }
    });
    let (told, heard) = tokio::sync::oneshot::channel();
    let serving = axum::serve(no_delay, router).with_graceful_shutdown(async move {
        stop.when_signalled().await;
        // Nobody listening means that serving has ended already.
        let _ = told.send(());
    });
    tokio::select! {
        served = serving => served.context("can't serve")?,
        // It never ends by itself. Whoever goes on without it shows what is old, and does not know.
        ended = following => bail!("keeping up with the other servers has ended: {:?}", ended.err()),
        () = stop::give_up(heard, patience / 2) => {
            tracing::warn!("some connections did not end in time");
        }
    }
    // What is under way finishes, and the directory is free for the next start.
    service.log().close().await;
    // The last commits are told, too.
    bus.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// How long a phone may leave what it was sent unread before its connection ends.
const UNREAD_TIMEOUT: Duration = Duration::from_secs(20);

/// Ends a connection whose other side reads no more. The heartbeat can't: it would be written behind what
/// is unread, and engineioxide waits for that.
#[cfg(target_os = "linux")]
fn end_if_unread(stream: &tokio::net::TcpStream) -> std::io::Result<()> {
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNREAD_TIMEOUT))
}

/// Only Linux can be told.
#[cfg(not(target_os = "linux"))]
fn end_if_unread(_: &tokio::net::TcpStream) -> std::io::Result<()> {
    Ok(())
}
