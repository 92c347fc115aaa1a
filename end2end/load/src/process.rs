//! The program `comanda` as a process of its own: started, waited for, stopped, killed.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use domain::{TableId, VenueId};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

/// How long it may take until it serves.
const SERVES_WITHIN: Duration = Duration::from_secs(90);
/// How often we look whether it does.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How long it may take to read what it wrote before it ended.
const READ_WITHIN: Duration = Duration::from_secs(20);
/// How much of what it writes is kept, in lines.
const KEPT_LINES: usize = 400;

/// How to start the program.
#[derive(Debug, Clone)]
pub struct Setup {
    program: PathBuf,
    /// What stands before the program: a shell that sets limits, say. It must `exec` the rest.
    pub wrapper: Vec<OsString>,
    /// `demo` or `serve`.
    pub command: &'static str,
    /// Its data directory.
    pub data: PathBuf,
    /// Where it writes the links; by default beside the data directory.
    pub links: PathBuf,
    /// 0 for a free one.
    pub port: u16,
    /// The venue's file, if it is given one.
    pub venue: Option<PathBuf>,
    /// Seconds between two heartbeats.
    pub heartbeat_seconds: u16,
    /// Seconds that a stop may take.
    pub stop_seconds: u16,
    /// What several of them share, if this is not the only one.
    pub shared: Option<Shared>,
    /// A fault that a debug build can be told to have, to see whether it is found.
    pub planted_fault: Option<&'static str>,
    /// Everything that it writes is appended to this file.
    pub log: Option<PathBuf>,
}

/// What several servers share, as one of them reaches it.
#[derive(Debug, Clone)]
pub struct Shared {
    /// PostgreSQL.
    pub database_url: String,
    /// Redis.
    pub redis_url: String,
    /// What signs cookies.
    pub secret_file: PathBuf,
}

impl Setup {
    /// The program that [`program`] finds, as `demo` or `serve`, on a free port.
    pub fn new(command: &'static str, data: &Path) -> Result<Self> {
        Ok(Self::of(program()?, command, data))
    }

    /// That program.
    pub fn of(program: PathBuf, command: &'static str, data: &Path) -> Self {
        Self {
            program,
            wrapper: Vec::new(),
            command,
            data: data.to_owned(),
            links: data.with_extension("links.json"),
            port: 0,
            venue: None,
            heartbeat_seconds: 2,
            stop_seconds: 20,
            shared: None,
            planted_fault: None,
            log: None,
        }
    }

    fn spawn(&self) -> Result<Running> {
        let mut words = self.wrapper.iter().cloned().chain([self.program.clone().into_os_string()]);
        let mut command = Command::new(words.next().context("a program")?);
        command.args(words).arg(self.command);
        command.arg("--data").arg(&self.data).arg("--links").arg(&self.links);
        command.args(["--port", &self.port.to_string()]);
        command.args(["--heartbeat-seconds", &self.heartbeat_seconds.to_string()]);
        command.args(["--stop-seconds", &self.stop_seconds.to_string()]);
        if let Some(venue) = &self.venue {
            command.arg("--venue").arg(venue);
        }
        // Nothing that is set around us changes what is tested.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("COMANDA_")) {
            command.env_remove(name);
        }
        // Guests come without anybody to let them in.
        command.env("COMANDA_DEMO_JOINING", "open");
        if let Some(Shared { database_url, redis_url, secret_file }) = &self.shared {
            command.args(["--database-url", database_url, "--redis-url", redis_url]).arg("--secret-file").arg(secret_file);
        }
        if let Some(fault) = self.planted_fault {
            command.env("COMANDA_PLANTED_FAULT", fault);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("can't start {}", self.program.display()))?;
        let written = Written::to(self.log.as_deref())?;
        written.keep(child.stdout.take());
        written.keep(child.stderr.take());
        Ok(Running { child, written })
    }

    /// Starts it and waits until it serves.
    pub async fn start(&self) -> Result<Server> {
        // The file of the run before says nothing of this one.
        if let Err(error) = std::fs::remove_file(&self.links)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            bail!("can't remove {}: {error}", self.links.display());
        }
        let mut running = self.spawn()?;
        let asked = Instant::now();
        loop {
            // It is there once it can be read to its end.
            if let Ok(text) = std::fs::read(&self.links)
                && let Ok(links) = serde_json::from_slice::<Links>(&text)
            {
                return Ok(Server { running, links });
            }
            if let Some(status) = running.child.try_wait()? {
                bail!("comanda ended before it served: {status}\n{}", running.written.text());
            }
            ensure!(asked.elapsed() < SERVES_WITHIN, "comanda does not serve\n{}", running.written.text());
            sleep(LOOK_EVERY).await;
        }
    }

    /// Runs it until it ends by itself.
    pub async fn run_to_its_end(&self, within: Duration) -> Result<Ended> {
        self.spawn()?.end(within).await
    }
}

/// Where people find each venue, as the program tells it.
#[derive(Debug, Clone, Deserialize)]
pub struct Links {
    /// How links start.
    pub base: String,
    /// By venue.
    pub venues: BTreeMap<VenueId, VenueLinks>,
}

/// Where people find a venue.
#[derive(Debug, Clone, Deserialize)]
pub struct VenueLinks {
    /// Where a table's code leads.
    pub tables: BTreeMap<TableId, String>,
    /// The password that was made at this start, if one was.
    pub password: Option<String>,
}

/// A process, and what it has written so far.
#[derive(Debug)]
struct Running {
    child: Child,
    written: Written,
}

impl Running {
    /// Waits for its end.
    async fn end(mut self, within: Duration) -> Result<Ended> {
        match timeout(within, self.child.wait()).await {
            Ok(status) => {
                let status = status?;
                // Its pipes are read to their ends by tasks of their own.
                self.written.complete().await;
                Ok(Ended { status, written: self.written.text() })
            }
            Err(_) => bail!("comanda has not ended within {within:?}\n{}", self.written.text()),
        }
    }
}

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    /// Its status.
    pub status: ExitStatus,
    /// The last lines that it wrote to its output and its log.
    pub written: String,
}

/// A program that serves. Dropping it kills it.
#[derive(Debug)]
pub struct Server {
    running: Running,
    /// Where people find it.
    pub links: Links,
}

impl Server {
    /// Its address.
    pub fn address(&self) -> Result<SocketAddr> {
        let host = self.links.base.strip_prefix("http://").context("links are http here")?;
        host.parse().with_context(|| format!("not an address: {host}"))
    }

    /// The number of its process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.running.child.id()
    }

    /// What it has written so far.
    pub fn written(&self) -> String {
        self.running.written.text()
    }

    /// Ends it at once, in the middle of whatever it does (SIGKILL), and waits until it is gone.
    pub async fn kill(mut self) -> Result<()> {
        self.running.child.start_kill()?;
        let status = self.running.child.wait().await?;
        ensure!(!status.success(), "comanda had ended before it was killed: {status}\n{}", self.written());
        Ok(())
    }

    /// Asks it to stop (SIGTERM), and waits for its end.
    pub async fn stop(self, within: Duration) -> Result<Ended> {
        self.ask_to_stop()?;
        self.running.end(within).await
    }

    /// Asks it to stop (SIGTERM).
    pub fn ask_to_stop(&self) -> Result<()> {
        self.signal(Signal::TERM)
    }

    /// Freezes it (SIGSTOP): its connections stay, and nothing is answered.
    pub fn pause(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    /// Lets it go on (SIGCONT).
    pub fn resume(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let pid = self.pid().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).context("it has ended")?;
        kill_process(pid, signal).with_context(|| format!("can't send {signal:?}"))
    }

    /// Waits for its end.
    pub async fn end(self, within: Duration) -> Result<Ended> {
        self.running.end(within).await
    }
}

/// The last lines that a process wrote.
#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    last: VecDeque<String>,
    pipes_open: usize,
    log: Option<File>,
}

impl Written {
    fn to(log: Option<&Path>) -> Result<Self> {
        let append = |path| OpenOptions::new().create(true).append(true).open(path);
        let log = log.map(append).transpose().with_context(|| format!("can't write {log:?}"))?;
        Ok(Self(Arc::new(Mutex::new(Lines { log, ..Lines::default() }))))
    }

    /// Keeps what comes out of a pipe, so that it never fills.
    fn keep(&self, pipe: Option<impl AsyncRead + Unpin + Send + 'static>) {
        let Some(pipe) = pipe else { return };
        self.lines().pipes_open += 1;
        let written = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(pipe).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let mut kept = written.lines();
                if let Some(log) = &mut kept.log {
                    // A log that can't be written is missed by nobody but its reader.
                    let _ = writeln!(log, "{line}");
                }
                kept.last.push_back(line);
                if kept.last.len() > KEPT_LINES {
                    kept.last.pop_front();
                }
            }
            written.lines().pipes_open -= 1;
        });
    }

    /// Waits until both pipes were read to their ends.
    async fn complete(&self) {
        let done = async {
            while self.lines().pipes_open > 0 {
                sleep(LOOK_EVERY).await;
            }
        };
        // A grandchild that holds the pipe open would keep us here; what there is must do then.
        let _ = timeout(READ_WITHIN, done).await;
    }

    fn text(&self) -> String {
        self.lines().last.iter().map(|line| format!("{line}\n")).collect()
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The program under test: `COMANDA_BIN`, or `comanda` where cargo put it beside us.
pub fn program() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("COMANDA_BIN") {
        return Ok(path.into());
    }
    let us = std::env::current_exe()?;
    // Tests are in target/PROFILE/deps, programs in target/PROFILE.
    let beside = us.ancestors().skip(1).take(2).map(|dir| dir.join("comanda"));
    let found = beside.into_iter().find(|path| path.is_file());
    found.context("there is no comanda yet: run `cargo xtask build`, or set COMANDA_BIN to the program")
}
