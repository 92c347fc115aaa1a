//! From a configuration to a serving process, and from a signal to its end.

mod administer;
mod foundations;
mod invitation;
mod logging;
mod stop;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::admin::{Admin, control};
use crate::backend::Pages;
use crate::config::{Command, Config, Serve};
use crate::files;
use crate::guard::{Connections, JoinLimits, Limits, Persons, Proxies};
use crate::http::{self, Door, Health, Metrics, Origins};
use crate::identity::{Hashing, Passes, SignIns};
use crate::live::{self, Delivery, Heartbeat, Live};
use crate::service::Service;
use stop::Stop;

/// Does what the configuration says, until it is done or told to stop.
pub fn run(config: Config) -> anyhow::Result<()> {
    files::keep_to_ourselves();
    let (serve, is_demo) = match config.command {
        Command::Demo(serve) => (serve, true),
        Command::Serve(serve) => (serve, false),
        Command::Staff(asked) => return administer::staff(asked),
        Command::Table(asked) => return administer::tables(asked),
    };
    serve.check()?;
    logging::begin(&serve)?;
    let files = raise_file_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("can't start the runtime")?;
    // Leptos renders on whatever executor it is told of.
    any_spawner::Executor::init_tokio().context("can't hand the runtime to the pages")?;
    runtime.block_on(serve_until_stopped(&serve, is_demo, files))
}

/// Files that the server needs itself: the log's, the bus's, those of a moment.
const OWN_FILES: u64 = 256;
/// How many connections may be open where it is not known how many files may.
const MAX_CONNECTIONS_UNKNOWN: u64 = 512;

/// Each screen is an open file: take as many as the system gives, and tell how many that is.
fn raise_file_limit() -> Option<u64> {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => Some(limit),
        Err(error) => {
            tracing::warn!(%error, "can't raise the limit of open files; few screens can connect");
            None
        }
    }
}

/// How many connections there may be with that many open files.
fn connection_limits(serve: &Serve, files: Option<u64>) -> Limits {
    let by_files = files.map_or(MAX_CONNECTIONS_UNKNOWN, |files| files.saturating_sub(OWN_FILES).max(files / 2));
    let total = serve.max_connections.map_or(by_files, u64::from);
    if total > by_files {
        tracing::warn!(
            max_connections = total,
            files,
            "there can be fewer connections than --max-connections says: raise LimitNOFILE"
        );
    }
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Limits { total: count(total.min(by_files)), by_address: count(serve.max_connections_per_address.into()) }
}

async fn serve_until_stopped(serve: &Serve, is_demo: bool, files: Option<u64>) -> anyhow::Result<()> {
    // The port before the data: a second start by mistake changes nothing.
    let listener = foundations::listen(serve).await?;
    let listening = listener.local_addr().context("can't tell the address listened on")?;
    files::private_directory(&serve.storage.data)
        .with_context(|| format!("can't use the data directory {}; choose another with --data", serve.storage.data.display()))?;
    let log = foundations::open_log(&serve.storage).await?;
    let (bus, heard) = foundations::open_bus(&serve.storage)?;
    let delivery = Arc::new(Delivery::new(Arc::clone(&bus)));
    let service = Arc::new(Service::new(log, Arc::clone(&delivery) as _, Arc::clone(&bus)));
    let origins = Arc::new(Origins { public_url: serve.public_url.clone() });
    let passes = Passes::new(foundations::secrets(serve)?, origins.is_secure());
    let following = tokio::spawn(Arc::clone(&service).follow_peers(heard));
    let sign_ins = Arc::new(SignIns::new(Hashing::start()?));
    let links = invitation::prepare(&service, sign_ins.hashing(), serve, is_demo, serve.link_base(listening)).await?;

    let connections = Connections::new(connection_limits(serve, files));
    let door = Door { connections: Arc::clone(&connections), proxies: Arc::new(Proxies::new(serve.trusted_proxies.clone())) };
    let health = Arc::new(Health::new(Arc::clone(&service)));
    let heartbeat_every = Duration::from_secs(u64::from(serve.heartbeat_seconds));
    let heartbeat = Heartbeat { interval: heartbeat_every, timeout: heartbeat_every };
    let persons = Arc::new(Persons::default());
    let live = Arc::new(Live::new(Arc::clone(&service), Arc::clone(&delivery), passes.clone(), Arc::clone(&persons), heartbeat));
    let (layer, io) = live::layer(live);
    let backend = Arc::new(Pages {
        service: Arc::clone(&service),
        delivery: Arc::clone(&delivery),
        passes,
        sign_ins: Arc::clone(&sign_ins),
        join_limits: JoinLimits::default(),
    });
    let router = http::router(http::Parts {
        backend,
        health: Arc::clone(&health),
        metrics: Arc::new(Metrics::new(
            &service,
            &health,
            &delivery,
            &bus,
            (&connections, &sign_ins),
            serve.metrics_token.clone(),
        )),
        origins,
        persons,
        live: layer,
    })?;

    let admin = Admin { service: Arc::clone(&service), hashing: sign_ins.hashing().clone(), base: Some(links.base.clone()) };
    // Several servers share a database, and whoever looks after it goes there.
    let control = if bus.is_alone() { control::listen(&serve.storage.data, admin) } else { None };

    tracing::info!(%listening, venues = links.venues.len(), "serving");
    println!("{}", invitation::invite(&links, serve, is_demo)?);
    // Last: who waits for this file may connect when it is there, and ask for anything else.
    if let Some(path) = &serve.links {
        links.write(path)?;
    }
    let patience = Duration::from_secs(u64::from(serve.stop_seconds));
    let stop = Stop { health, delivery, io, patience, is_alone: bus.is_alone() };
    let (told, heard) = tokio::sync::oneshot::channel();
    let serving = http::serve(listener, router, door, async move {
        stop.when_signalled().await;
        // Nobody listening means that serving has ended already.
        let _ = told.send(());
    });
    tokio::select! {
        () = serving => {}
        // What would be written from now on would be lost.
        why = service.log().is_lost() => bail!("the log is lost: {why}"),
        // It never ends by itself. Whoever goes on without it shows what is old, and does not know.
        ended = following => bail!("keeping up with the other servers has ended: {:?}", ended.err()),
        () = stop::give_up(heard, patience / 2) => {
            tracing::warn!("some connections did not end in time");
        }
    }
    drop(control);
    // What is under way finishes, and the directory is free for the next start.
    service.log().close().await;
    // The last commits are told, too.
    bus.close().await;
    tracing::info!("stopped");
    Ok(())
}
