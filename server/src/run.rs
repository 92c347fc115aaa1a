//! From a configuration to a serving process, and from a signal to its end.

use std::collections::BTreeMap;
use std::future::Future;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::serve::ListenerExt;
use domain::{Role, TableId, VenueId};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::backend::Pages;
use crate::bus::{Bus, Heard};
use crate::config::{Command, Config, LogFormat, Serve};
use crate::http::{self, Health, Metrics, Origins};
use crate::identity::passwords::Door;
use crate::identity::{Passes, Secrets};
use crate::links::{self, Links, VenueLinks};
use crate::live::{self, Delivery, Heartbeat, Live};
use crate::log::{EventLog, PostgresLog, SqliteLog};
use crate::service::Service;
use crate::venue;

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
    let listener = listen(serve).await?;
    let listening = listener.local_addr().context("can't tell the address listened on")?;
    std::fs::create_dir_all(&serve.data)
        .with_context(|| format!("can't make the data directory {}; choose another with --data", serve.data.display()))?;
    let log = open_log(serve).await?;
    let (bus, heard) = open_bus(serve)?;
    let delivery = Arc::new(Delivery::new(Arc::clone(&bus)));
    let service = Arc::new(Service::new(log, Arc::clone(&delivery) as _, Arc::clone(&bus)));
    let passes = Passes::new(secrets(serve)?, serve.is_secure());
    let following = tokio::spawn(Arc::clone(&service).follow_peers(heard));

    let base = serve.link_base(listening);
    let mut passwords = BTreeMap::new();
    for file in &serve.venues {
        let venue = venue::publish(&service, venue::read_file(file)?).await?;
        if let Some(password) = venue::first_manager(&service, &venue).await? {
            passwords.insert(venue, password);
        }
    }
    if is_demo {
        let (venue, password) = demo(&service, serve).await?;
        passwords.insert(venue, password);
    }
    let mut links = Links { base: base.clone(), venues: BTreeMap::new() };
    for venue in service.log().venues().await.context("can't read the log")? {
        let of_venue = VenueLinks::of(&service, &venue, &base, passwords.remove(&venue)).await?;
        links.venues.insert(venue, of_venue);
    }
    if links.venues.is_empty() {
        bail!("there is no venue in {} yet: give its file with --venue, or try `comanda demo`", serve.data.display());
    }

    let health = Arc::new(Health::new(Arc::clone(&service)));
    let heartbeat_every = Duration::from_secs(u64::from(serve.heartbeat_seconds));
    let heartbeat = Heartbeat { interval: heartbeat_every, timeout: heartbeat_every };
    let live = Arc::new(Live::new(Arc::clone(&service), Arc::clone(&delivery), passes.clone()));
    let (layer, io) = live::layer(live, heartbeat);
    let backend = Arc::new(Pages { service: Arc::clone(&service), passes, door: Door::new()? });
    let router = http::router(http::Parts {
        backend,
        health: Arc::clone(&health),
        metrics: Arc::new(Metrics::new(&service, &health, &delivery, &bus, serve.metrics_token.clone())),
        origins: Origins { public_url: serve.public_url.clone() },
        live: layer,
    })?;

    tracing::info!(%listening, venues = links.venues.len(), "serving");
    println!("{}", if is_demo { demo_invitation(&links, &serve.data)? } else { invitation(&links) });
    // Last: who waits for this file may connect when it is there.
    if let Some(path) = &serve.links {
        links.write(path)?;
    }
    let stopped = {
        let (health, delivery) = (Arc::clone(&health), Arc::clone(&delivery));
        let (patience, is_alone) = (Duration::from_secs(u64::from(serve.stop_seconds)), bus.is_alone());
        async move {
            signalled().await;
            tracing::info!("stopping: screens are told to move");
            health.stop();
            delivery.tell_to_move();
            // A balancer sends people here until it has noticed; nobody else does.
            let noticed = tokio::time::sleep(if is_alone { Duration::ZERO } else { NOTICED_WITHIN.min(patience / 2) });
            // Most screens move within a second; who has not by then is let go.
            tokio::join!(noticed, wait_until(patience / 2, || delivery.connected() == 0));
            io.close().await;
        }
    };
    let no_delay = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true).and_then(|()| end_if_unread(stream)) {
            tracing::debug!(%error, "can't set a connection's options");
        }
    });
    let (told, heard) = tokio::sync::oneshot::channel();
    let serving = axum::serve(no_delay, router).with_graceful_shutdown(async move {
        stopped.await;
        // Nobody listening means that serving has ended already.
        let _ = told.send(());
    });
    tokio::select! {
        served = serving => served.context("can't serve")?,
        // It never ends by itself. Whoever goes on without it shows what is old, and does not know.
        ended = following => bail!("keeping up with the other servers has ended: {:?}", ended.err()),
        () = give_up(heard, Duration::from_secs(u64::from(serve.stop_seconds)) / 2) => {
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

/// How long a balancer may take to notice that this server is not ready any more: two of its questions, a second
/// apart, and one that was just under way.
const NOTICED_WITHIN: Duration = Duration::from_secs(3);

async fn open_log(serve: &Serve) -> anyhow::Result<Arc<dyn EventLog>> {
    if let Some(url) = &serve.database_url {
        return Ok(Arc::new(PostgresLog::open(url).await.context("can't open the log in PostgreSQL (--database-url)")?));
    }
    let log = SqliteLog::open(&serve.data).await.context("can't open the log; choose another directory with --data")?;
    Ok(Arc::new(log))
}

/// How this server hears of others, if there can be any.
fn open_bus(serve: &Serve) -> anyhow::Result<(Arc<Bus>, Option<mpsc::Receiver<Heard>>)> {
    Ok(match (&serve.database_url, serve.redis_url.clone()) {
        (None, _) => (Arc::new(Bus::alone()), None),
        (Some(_), None) => {
            tracing::warn!("without --redis-url other servers' commits are seen up to two seconds late");
            (Arc::new(Bus::silent()), None)
        }
        (Some(_), Some(topology)) => {
            // TLS needs to know with whose arithmetic; whoever chose before us chose the same.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let topology = match &serve.redis_ca_file {
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

fn secrets(serve: &Serve) -> anyhow::Result<Secrets> {
    match (&serve.secret, &serve.secret_file) {
        (Some(secret), _) => Secrets::read(secret).context("--secret can't be used"),
        (None, Some(path)) => Secrets::from_file(path),
        (None, None) => Secrets::from_file_or_new(&serve.data.join("secret")),
    }
}

async fn listen(serve: &Serve) -> anyhow::Result<TcpListener> {
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

async fn signalled() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// After the stop has begun in earnest, what is still open has this long.
async fn give_up(stop: impl Future, patience: Duration) {
    stop.await;
    tokio::time::sleep(patience).await;
}

async fn wait_until(patience: Duration, done: impl Fn() -> bool) {
    let look_every = Duration::from_millis(50);
    let _ = tokio::time::timeout(patience, async {
        while !done() {
            tokio::time::sleep(look_every).await;
        }
    })
    .await;
}

/// Makes the demo restaurant and its staff; tells the password, which is the same at every start.
async fn demo(service: &Arc<Service>, serve: &Serve) -> anyhow::Result<(VenueId, String)> {
    let venue = venue::publish(service, venue::demo_file()?).await?;
    let password = match &serve.demo_password {
        Some(password) => password.clone(),
        None => venue::demo_password(&serve.data)?,
    };
    for (id, name, role) in DEMO_STAFF {
        venue::keep_staff(service, &venue, id, name, role, &password).await?;
    }
    Ok((venue, password))
}

/// Who works in the demo.
const DEMO_STAFF: [(&str, &str, Role); 3] =
    [("waiter", "Rui", Role::Waiter), ("kitchen", "Kitchen", Role::Kitchen), ("manager", "Marta", Role::Manager)];

/// Where each venue's staff sign in.
fn invitation(links: &Links) -> String {
    let line = |(venue, links): (&VenueId, &VenueLinks)| match &links.password {
        Some(password) => format!("{venue}: {} as manager, password {password} (shown this once)\n", links.sign_in),
        None => format!("{venue}: {}\n", links.sign_in),
    };
    links.venues.iter().map(line).collect()
}

/// What one can do with the demo.
fn demo_invitation(links: &Links, data: &Path) -> anyhow::Result<String> {
    let table: TableId = "t7".parse()?;
    let demo = links.venues.values().find(|venue| venue.password.is_some()).context("the demo has no password")?;
    let guests = demo.tables.get(&table).context("the demo has no table 7")?;
    Ok(format!(
        "\n{code}\n\
         Table 7, for guests   {guests}\n\
         The floor             {floor}\n\
         The kitchen           {kitchen}\n\
         Sign in               waiter, kitchen or manager; password {password}\n\n\
         Open the first link on two phones (or in two private windows): they share one order.\n\
         Phones reach this computer if it is started with --host 0.0.0.0 --public-url http://ADDRESS:PORT\n\
         Ctrl-C stops it; what was ordered is kept in {data}\n",
        code = links::qr(guests)?,
        floor = demo.floor,
        kitchen = demo.kitchen,
        password = demo.password.as_deref().unwrap_or_default(),
        data = data.display(),
    ))
}
