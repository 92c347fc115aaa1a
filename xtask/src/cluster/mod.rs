//! `cargo xtask cluster`: several servers on one PostgreSQL and one Redis, behind HAProxy, all of them
//! processes on this computer. Whatever ends by itself is started again, as a service manager would.

mod balancer;
mod comanda;
mod invitation;
mod kept;

use std::{
    fs::{self, File},
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use services::{Haproxy, Piece, Postgres, Redis, free_port};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use self::{
    comanda::{Comanda, Common},
    kept::Kept,
};
use crate::{
    contents, needs,
    pipeline::{self, Recipe},
    shell,
    workspace::Workspace,
};

/// How to run the cluster.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many servers
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=16))]
    servers: u16,
    /// Where the balancer can be reached; 0 takes a free port
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// The address the balancer listens on; 0.0.0.0 lets phones in the same network in
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// How people reach the balancer, for links and QR codes [default: http://127.0.0.1:PORT]
    #[arg(long)]
    public_url: Option<String>,
    /// Where it keeps its data [default: data/cluster in the workspace]
    #[arg(long)]
    data: Option<PathBuf>,
    /// An optimised build of the servers
    #[arg(long)]
    release: bool,
    /// Build nothing, and run this `comanda`
    #[arg(long, value_name = "FILE", conflicts_with = "release")]
    bin: Option<PathBuf>,
    /// Passed on to each `comanda demo`
    #[arg(last = true)]
    extra: Vec<String>,
}

/// How often to look whether somebody ended.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How long what has ended stays away: long enough to see how it goes on without.
const AWAY: Duration = Duration::from_secs(5);

/// Where the cluster is told of, for tests: addresses and process numbers. It is there once all serve.
const TOLD_IN: &str = "cluster.json";

/// Runs until it is told to stop, then stops all in order.
pub(crate) fn cluster(workspace: &Workspace, args: &Args) -> Result<()> {
    needs::cluster()?;
    let release = args.release;
    let program = match &args.bin {
        Some(bin) => fs::canonicalize(bin).with_context(|| format!("there is no {}", bin.display()))?,
        None => pipeline::build(workspace, if release { Recipe::RELEASE } else { Recipe::DEBUG })?.server,
    };
    let data = data(workspace, args)?;
    let _alone = alone(&data)?;
    let stop = told_to_stop()?;
    let mut cluster = Cluster::start(args, &program, &data)?;
    let ran = cluster.run(&stop);
    println!("\nStopping: the servers, the balancer, Redis, PostgreSQL");
    ran.and(cluster.stop())
}

/// The directory that holds everything. PostgreSQL may not be root, and needs one that others may pass.
fn data(workspace: &Workspace, args: &Args) -> Result<PathBuf> {
    let in_workspace = workspace.root.join("data").join("cluster");
    let data = match &args.data {
        Some(data) => data.clone(),
        None if Postgres::can_live_in(&in_workspace) => in_workspace,
        None => {
            let elsewhere = PathBuf::from("/var/tmp/comanda-cluster");
            let (hidden, chosen) = (workspace.root.display(), elsewhere.display());
            shell::note(&format!("PostgreSQL may not be root, and {hidden} is root's alone: the data goes to {chosen}"));
            elsewhere
        }
    };
    fs::create_dir_all(&data).and_then(|()| fs::canonicalize(&data)).with_context(|| format!("cannot make {}", data.display()))
}

/// Two clusters on one directory would be one PostgreSQL too many.
fn alone(data: &Path) -> Result<File> {
    let lock = File::create(data.join("lock")).context("cannot make the lock")?;
    ensure!(lock.try_lock().is_ok(), "a cluster runs on {} already: stop it, or choose another with --data", data.display());
    Ok(lock)
}

/// Set by the first Ctrl-C, and by whoever else asks. The terminal tells it to xtask alone, so that the rest
/// is stopped in order.
fn told_to_stop() -> Result<Arc<AtomicBool>> {
    services::keep_from_terminal();
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&stop)).context("cannot listen for signals")?;
    }
    Ok(stop)
}

/// A part of the cluster, and since when it is away.
struct Member {
    name: String,
    address: String,
    piece: Box<dyn Piece>,
    away_since: Option<Instant>,
}

/// What runs. Dropping it ends all of it.
struct Cluster {
    told_in: PathBuf,
    public_url: String,
    links: PathBuf,
    servers: Vec<Member>,
    balancer: Member,
    redis: Member,
    postgres: Member,
}

impl Cluster {
    fn start(args: &Args, program: &Path, data: &Path) -> Result<Self> {
        let told_in = data.join(TOLD_IN);
        if told_in.exists() {
            fs::remove_file(&told_in).context("cannot remove what the last cluster told")?;
        }
        let started = Instant::now();
        let port = if args.port == 0 { free_port()? } else { args.port };
        let public_url = args.public_url.clone().unwrap_or_else(|| format!("http://{}:{port}", Ipv4Addr::LOCALHOST));

        shell::note("starting PostgreSQL and Redis");
        let postgres = Postgres::start(&data.join("postgres"))?;
        let redis = Redis::start(&data.join("redis"))?;
        let common = Arc::new(Common {
            program: program.to_owned(),
            public_url: public_url.clone(),
            database_url: postgres.url("postgres"),
            redis_url: redis.url(),
            kept: Kept::at(data)?,
            extra: args.extra.clone(),
        });
        let postgres = Member::new("PostgreSQL", common.database_url.clone(), postgres);
        let redis = Member::new("Redis", common.redis_url.clone(), redis);

        shell::note("starting the servers");
        let mut servers = Vec::new();
        for number in 1..=args.servers {
            let name = format!("comanda-{number}");
            let mut server = Comanda::start(Arc::clone(&common), &data.join(&name), free_port()?)?;
            // The first lays the tables; the others find them.
            if number == 1 {
                server.wait_until_ready()?;
            }
            servers.push((name, server));
        }
        for (_, server) in &mut servers {
            server.wait_until_ready()?;
        }

        let addresses: Vec<_> = servers.iter().map(|(name, server)| (name.clone(), server.address())).collect();
        let config = balancer::configuration(args.host, port, &addresses)?;
        let balancer = Haproxy::start(&data.join("balancer"), &config, port)?;
        let balancer = Member::new("HAProxy", format!("http://{}:{port}", args.host), balancer);
        let links = data.join("comanda-1").join(comanda::LINKS);
        let servers = servers.into_iter().map(|(name, server)| {
            let address = format!("http://{}", server.address());
            Member::new(&name, address, server)
        });
        let mut cluster = Self { told_in, public_url, links, servers: servers.collect(), balancer, redis, postgres };
        cluster.tell(data, started)?;
        Ok(cluster)
    }

    /// In the order in which they were started.
    fn members(&mut self) -> impl Iterator<Item = &mut Member> {
        let stands_on = [&mut self.postgres, &mut self.redis];
        stands_on.into_iter().chain(&mut self.servers).chain([&mut self.balancer])
    }

    /// Until told to stop: what ends is started again after a while.
    fn run(&mut self, stop: &AtomicBool) -> Result<()> {
        while !stop.load(Ordering::Relaxed) {
            let mut changed = false;
            for member in self.members() {
                changed |= member.look_after()?;
            }
            if changed {
                self.note_down()?;
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Who stands on another is stopped before it. All are asked, whatever one of them answers.
    fn stop(mut self) -> Result<()> {
        for server in &mut self.servers {
            if let Some(process) = server.piece.process() {
                process.ask_to_stop()?;
            }
        }
        let in_order = self.servers.iter_mut().chain([&mut self.balancer, &mut self.redis, &mut self.postgres]);
        in_order.map(Member::stop).fold(Ok(()), Result::and)
    }

    /// Tells people what they can do.
    fn tell(&mut self, data: &Path, started: Instant) -> Result<()> {
        self.note_down()?;
        let links: Value = serde_json::from_slice(&contents::read(&self.links)?).context("the servers' links are no JSON")?;
        let killable: Vec<_> = self.members().map(|member| (member.name.clone(), member.address.clone(), member.pid())).collect();
        println!("{}", invitation::text(&links, &killable, data)?);
        println!("Started in {}", shell::spoken(started.elapsed()));
        Ok(())
    }

    /// Tells programs where everything is. Put in place as a whole: they read it at any moment.
    fn note_down(&mut self) -> Result<()> {
        let told = |member: &mut Member| json!({ "name": member.name, "address": member.address, "pid": member.piece.pid() });
        let told = json!({
            "url": self.public_url,
            "links": self.links,
            "servers": self.servers.iter_mut().map(told).collect::<Vec<_>>(),
            "balancer": told(&mut self.balancer),
            "redis": told(&mut self.redis),
            "postgres": told(&mut self.postgres),
        });
        let next = self.told_in.with_extension("next");
        kept::write_private(&next, &serde_json::to_vec_pretty(&told)?)?;
        fs::rename(&next, &self.told_in).with_context(|| format!("cannot write {}", self.told_in.display()))
    }
}

impl Member {
    fn new(name: &str, address: String, piece: impl Piece + 'static) -> Self {
        Self { name: name.to_owned(), address, piece: Box::new(piece), away_since: None }
    }

    fn pid(&mut self) -> u32 {
        self.piece.pid().unwrap_or_default()
    }

    /// Starts it again if it has been away long enough. Tells whether its process is another one now.
    fn look_after(&mut self) -> Result<bool> {
        let Some(ended) = self.piece.ended()? else { return Ok(false) };
        let Some(since) = self.away_since else {
            self.away_since = Some(Instant::now());
            println!("{} has ended ({ended}); it is started again in {}", self.name, shell::spoken(AWAY));
            return Ok(false);
        };
        if since.elapsed() < AWAY {
            return Ok(false);
        }
        match self.piece.start_again() {
            Ok(()) => {
                self.away_since = None;
                let pid = self.pid();
                println!("{} runs again: kill -9 {pid}", self.name);
                Ok(true)
            }
            Err(error) => {
                self.away_since = Some(Instant::now());
                shell::complain(&error.context(format!("{} does not start; once more in {}", self.name, shell::spoken(AWAY))));
                Ok(false)
            }
        }
    }

    fn stop(&mut self) -> Result<()> {
        // Where it has ended already, there is nothing to stop.
        if self.piece.ended()?.is_some() {
            return Ok(());
        }
        self.piece.stop().with_context(|| format!("cannot stop {}", self.name))
    }
}
