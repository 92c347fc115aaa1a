//! One server of the cluster.

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use services::{Piece, Process};

use super::kept::Kept;

/// Where it writes everybody's links.
pub(super) const LINKS: &str = "links.json";

/// How long it may take to tell its screens to move. There is nowhere to go when all stop at once.
const STOP_SECONDS: u8 = 4;

/// How long to wait for that, and for commands to finish.
const STOPS_WITHIN: Duration = Duration::from_secs(STOP_SECONDS as u64 + 6);

/// How long it may take to answer whether it is ready.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// From where the balancer asks: whom a request is from, it says.
const BALANCER: &str = "127.0.0.1";

/// What all servers of a cluster are started with.
pub(super) struct Common {
    pub(super) program: PathBuf,
    pub(super) public_url: String,
    pub(super) database_url: String,
    pub(super) redis_url: String,
    pub(super) kept: Kept,
    pub(super) extra: Vec<String>,
}

/// A server.
pub(super) struct Comanda {
    common: Arc<Common>,
    dir: PathBuf,
    port: u16,
    process: Process,
}

impl Comanda {
    /// Starts it, with its directory for links and its log.
    pub(super) fn start(common: Arc<Common>, dir: &Path, port: u16) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let process = start(&common, dir, port)?;
        Ok(Self { common, dir: dir.to_owned(), port, process })
    }

    pub(super) fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// Waits until it takes guests.
    pub(super) fn wait_until_ready(&mut self) -> Result<()> {
        let address = self.address();
        self.process.wait_until(|_| is_ready(address)).context("comanda")
    }
}

impl Piece for Comanda {
    fn process(&mut self) -> Option<&mut Process> {
        Some(&mut self.process)
    }

    /// Without waiting: the balancer sees when it is ready.
    fn start_again(&mut self) -> Result<()> {
        self.process = start(&self.common, &self.dir, self.port)?;
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        self.process.stop(STOPS_WITHIN)
    }
}

fn start(common: &Common, dir: &Path, port: u16) -> Result<Process> {
    let mut command = Command::new(&common.program);
    command.arg("demo").args(["--host", "127.0.0.1", "--port", &port.to_string(), "--public-url", &common.public_url]);
    command.args(["--trusted-proxy", BALANCER]);
    command.arg("--data").arg(dir).arg("--links").arg(dir.join(LINKS)).args(["--stop-seconds", &STOP_SECONDS.to_string()]);
    command.args(&common.extra);
    // What others must not read off the list of processes.
    command.env("COMANDA_DATABASE_URL", &common.database_url).env("COMANDA_REDIS_URL", &common.redis_url);
    command.env("COMANDA_SECRET_FILE", &common.kept.secret).env("COMANDA_DEMO_PASSWORD", &common.kept.password);
    Process::start(&mut command, &dir.join("comanda.log"))
}

/// Whether it says that it can serve. One that doesn't answer can't.
fn is_ready(address: SocketAddr) -> bool {
    let asked = TcpStream::connect_timeout(&address, ANSWERS_WITHIN).and_then(|mut stream| {
        stream.set_read_timeout(Some(ANSWERS_WITHIN))?;
        stream.write_all(b"GET /readyz HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    });
    asked.is_ok_and(|answer| answer.split(' ').nth(1) == Some("200"))
}
