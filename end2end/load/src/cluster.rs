//! Several servers on one PostgreSQL and one Redis. Each reaches both through proxies of its own, so that
//! a fault may concern one server alone; screens are spread over all of them.

use std::fs::{self, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use services::{Piece, Postgres, Redis, free_port};
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::client::{Route, Servers};
use crate::door::Door;
use crate::process::{Ended, Server, Setup, Shared, program};
use crate::proxy::Proxy;
use crate::{usage, venue};

/// How long a supervisor tries to get a server to serve: what it stands on may be away meanwhile.
const SERVES_AGAIN_WITHIN: Duration = Duration::from_secs(90);
/// How long it waits before it tries once more.
const TRIES_AGAIN_AFTER: Duration = Duration::from_millis(250);

/// What to start.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The program; the one that [`program`] finds if none.
    pub program: Option<PathBuf>,
    /// How many servers. One alone has its own SQLite, and neither PostgreSQL nor Redis.
    pub servers: usize,
    /// How many tables the venue has.
    pub tables: usize,
    /// A fault that every server has.
    pub planted: Option<Planted>,
    /// Where logs and data are kept; a temporary place if none.
    pub keep_in: Option<PathBuf>,
}

/// A fault that servers have on purpose, by the name that a debug build knows it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// From the beginning.
    AtOnce(&'static str),
    /// Once they were killed and started again: where people could not even come in otherwise.
    Later(&'static str),
}

/// Several servers and what they stand on.
#[derive(Debug)]
pub struct Cluster {
    /// How people come in.
    pub door: Arc<Door>,
    /// The servers.
    pub members: Vec<Member>,
    database: Option<Service<Postgres>>,
    redis: Option<Service<Redis>>,
    place: TempDir,
}

/// Something that servers stand on. Its calls wait for processes, so they are made where waiting is allowed.
#[derive(Debug)]
struct Service<S>(Arc<Mutex<S>>);

impl<S: Send + 'static> Service<S> {
    async fn start(start: impl FnOnce() -> Result<S> + Send + 'static) -> Result<Self> {
        Ok(Self(Arc::new(Mutex::new(spawn_blocking(start).await??))))
    }

    async fn call<T: Send + 'static>(&self, call: impl FnOnce(&mut S) -> Result<T> + Send + 'static) -> Result<T> {
        let service = Arc::clone(&self.0);
        spawn_blocking(move || call(&mut service.lock().unwrap_or_else(PoisonError::into_inner))).await?
    }
}

/// One server of a cluster.
#[derive(Debug)]
pub struct Member {
    /// Which, counted from 1.
    pub number: usize,
    setup: Setup,
    server: tokio::sync::Mutex<Option<Server>>,
    to_database: Option<Proxy>,
    to_redis: Option<Proxy>,
}

impl Cluster {
    /// Starts everything, one after the other.
    pub async fn start(plan: &Plan) -> Result<Self> {
        ensure!(plan.servers > 0, "a cluster has a server");
        let place = a_place(plan.keep_in.as_deref())?;
        let program = plan.program.clone().map_or_else(program, Ok)?;
        let (mut database, mut redis, mut shared) = (None, None, None);
        if plan.servers > 1 {
            let (of_database, of_redis) = (place.path().join("postgres"), place.path().join("redis"));
            let postgres = Service::start(move || Postgres::start(&of_database)).await?;
            let (url, at_database) = postgres.call(|postgres| Ok((postgres.url("postgres"), postgres.port()))).await?;
            let at_redis = free_port()?;
            redis = Some(Service::start(move || Redis::start_with(&of_redis, at_redis, &[])).await?);
            database = Some(postgres);
            let secret_file = place.path().join("secret");
            fs::write(&secret_file, format!("{}{}\n", Uuid::new_v4().simple(), Uuid::new_v4().simple()))?;
            fs::set_permissions(&secret_file, Permissions::from_mode(0o600))?;
            shared = Some((url, at_database, at_redis, secret_file));
        }
        let venue = venue::write(place.path(), &venue::with_tables(plan.tables)?)?;
        let mut members: Vec<Member> = Vec::new();
        for number in 1..=plan.servers {
            let dir = place.path().join(format!("server-{number}"));
            fs::create_dir(&dir)?;
            let mut setup = Setup::of(program.clone(), "serve", &dir.join("data"));
            (setup.venue, setup.log) = (Some(venue.clone()), Some(place.path().join(format!("server-{number}.log"))));
            if let Some(Planted::AtOnce(fault)) = plan.planted {
                setup.planted_fault = Some(fault);
            }
            let (mut to_database, mut to_redis) = (None, None);
            if let Some((url, at_database, at_redis, secret_file)) = &shared {
                let [database, redis] = [*at_database, *at_redis].map(|port| Proxy::to(SocketAddr::from(([127, 0, 0, 1], port))));
                let (database, redis) = (database.await?, redis.await?);
                setup.shared = Some(Shared {
                    database_url: url.replace(&format!(":{at_database}/"), &format!(":{}/", database.port())),
                    redis_url: format!("redis://127.0.0.1:{}", redis.port()),
                    secret_file: secret_file.clone(),
                });
                (to_database, to_redis) = (Some(database), Some(redis));
            }
            let server = setup.start().await.with_context(|| format!("server {number}"))?;
            setup.port = server.address()?.port();
            if let Some(Planted::Later(fault)) = plan.planted {
                setup.planted_fault = Some(fault);
            }
            let server = tokio::sync::Mutex::new(Some(server));
            members.push(Member { number, setup, server, to_database, to_redis });
        }
        let addresses = members.iter().map(|member| SocketAddr::from(([127, 0, 0, 1], member.setup.port))).collect();
        let route = Route::among(Servers::new(addresses));
        let door = {
            let first = members[0].server.lock().await;
            let links = &first.as_ref().context("the first server has ended")?.links;
            let told = links.venues.first_key_value().and_then(|(_, venue)| venue.password.clone());
            Door::of(links, route, told.context("the first server told no password")?, true)?
        };
        Ok(Self { door: Arc::new(door), members, database, redis, place })
    }

    /// Whether the servers stand on PostgreSQL and Redis.
    pub const fn is_shared(&self) -> bool {
        self.database.is_some()
    }

    /// Where logs and data are.
    pub fn place(&self) -> &Path {
        self.place.path()
    }

    /// Logs and data stay when this is dropped.
    pub fn keep_place(&mut self) {
        self.place.disable_cleanup(true);
    }

    /// Kills PostgreSQL with all its workers.
    pub async fn kill_database(&self) -> Result<()> {
        self.database()?.call(Postgres::kill).await
    }

    /// Starts it again, and waits until it has recovered.
    pub async fn start_database(&self) -> Result<()> {
        self.database()?.call(Piece::start_again).await
    }

    /// Kills Redis.
    pub async fn kill_redis(&self) -> Result<()> {
        self.redis()?.call(Redis::kill).await
    }

    /// Starts it again.
    pub async fn start_redis(&self) -> Result<()> {
        self.redis()?.call(Piece::start_again).await
    }

    /// Freezes Redis.
    pub async fn pause_redis(&self) -> Result<()> {
        self.redis()?.call(|redis| redis.pause()).await
    }

    /// Lets Redis go on.
    pub async fn resume_redis(&self) -> Result<()> {
        self.redis()?.call(|redis| redis.resume()).await
    }

    fn database(&self) -> Result<&Service<Postgres>> {
        self.database.as_ref().context("this cluster has no PostgreSQL")
    }

    fn redis(&self) -> Result<&Service<Redis>> {
        self.redis.as_ref().context("this cluster has no Redis")
    }
}

impl Member {
    /// Kills it in the middle of whatever it does.
    pub async fn kill(&self) -> Result<()> {
        let server = self.server.lock().await.take();
        server.with_context(|| format!("server {} is not running", self.number))?.kill().await
    }

    /// Asks it to stop (SIGTERM), and waits for its end.
    pub async fn stop(&self, within: Duration) -> Result<Ended> {
        let server = self.server.lock().await.take();
        server.with_context(|| format!("server {} is not running", self.number))?.stop(within).await
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.setup.port))
    }

    /// Starts it again, as often as it takes: a supervisor would, too.
    pub async fn start(&self) -> Result<()> {
        let mut server = self.server.lock().await;
        ensure!(server.is_none(), "server {} is still running", self.number);
        let asked = Instant::now();
        loop {
            match self.setup.start().await {
                Ok(started) => {
                    *server = Some(started);
                    return Ok(());
                }
                Err(_) if asked.elapsed() < SERVES_AGAIN_WITHIN => sleep(TRIES_AGAIN_AFTER).await,
                Err(error) => bail!("server {} can't be started again: {error:#}", self.number),
            }
        }
    }

    /// Freezes it.
    pub async fn pause(&self) -> Result<()> {
        self.server.lock().await.as_ref().context("it is not running")?.pause()
    }

    /// Lets it go on.
    pub async fn resume(&self) -> Result<()> {
        self.server.lock().await.as_ref().context("it is not running")?.resume()
    }

    /// The number of its process, while it runs.
    pub async fn pid(&self) -> Option<u32> {
        self.server.lock().await.as_ref().and_then(Server::pid)
    }

    /// The memory that it has now, in bytes.
    pub async fn memory_bytes(&self) -> Result<u64> {
        let pid = self.pid().await.with_context(|| format!("server {} is not running", self.number))?;
        Ok(usage::memory_bytes(pid)?.0)
    }

    /// Its line to PostgreSQL.
    pub fn to_database(&self) -> Result<&Proxy> {
        self.to_database.as_ref().context("this server has its own database")
    }

    /// Its line to Redis.
    pub fn to_redis(&self) -> Result<&Proxy> {
        self.to_redis.as_ref().context("this server has no Redis")
    }
}

fn a_place(keep_in: Option<&Path>) -> Result<TempDir> {
    let place = match keep_in {
        None => TempDir::with_prefix("comanda-cluster-"),
        Some(dir) => fs::create_dir_all(dir).and_then(|()| TempDir::with_prefix_in("cluster-", dir)).map(|mut place| {
            place.disable_cleanup(true);
            place
        }),
    };
    let place = place.context("can't make a directory for logs and data")?;
    // PostgreSQL may run as somebody else, and must be let through.
    fs::set_permissions(place.path(), Permissions::from_mode(0o711))?;
    Ok(place)
}
