//! Redis, which keeps nothing: what Comanda sends through it lives in the log.

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use rustix::process::Signal;

use crate::process::{Process, still_free};
use crate::{Piece, free_port, programs};

/// How long a stop may take: it has nothing to save.
const STOPS_WITHIN: Duration = Duration::from_secs(10);

/// A Redis server.
#[derive(Debug)]
pub struct Redis {
    program: PathBuf,
    dir: PathBuf,
    port: u16,
    /// The file with its configuration, which only a Sentinel needs.
    file: Option<PathBuf>,
    extra: Vec<String>,
    process: Option<Process>,
}

impl Redis {
    /// Starts one on a free port.
    pub fn start(dir: &Path) -> Result<Self> {
        Self::start_with(dir, free_port()?, &[])
    }

    /// Starts one on a port, with more options of its command line: `--requirepass`, `secret`.
    pub fn start_with(dir: &Path, port: u16, extra: &[&str]) -> Result<Self> {
        let extra = extra.iter().map(|&word| word.to_owned()).collect();
        Self::run(dir, port, None, extra)
    }

    /// Starts one that answers under TLS alone, with this certificate and its key (files in PEM).
    pub fn start_tls(dir: &Path, certificate: &Path, key: &Path) -> Result<Self> {
        let (port, path) = (free_port()?, |path: &Path| path.display().to_string());
        let (certificate, key, tls) = (path(certificate), path(key), port.to_string());
        let files = ["--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-ca-cert-file", &certificate];
        let options = ["--port", "0", "--tls-port", &tls, "--tls-auth-clients", "no"];
        Self::start_with(dir, port, &[&files[..], &options].concat())
    }

    /// Starts a Sentinel on a free port, which watches a server and knows it by a name.
    pub fn start_sentinel(dir: &Path, name: &str, master: &Self) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("can't make {}", dir.display()))?;
        let file = dir.join("sentinel.conf");
        let lines = [
            format!("sentinel monitor {name} 127.0.0.1 {} 1", master.port),
            format!("sentinel down-after-milliseconds {name} 1000"),
            format!("sentinel failover-timeout {name} 3000"),
        ];
        fs::write(&file, lines.map(|line| line + "\n").concat())?;
        Self::run(dir, free_port()?, Some(file), vec!["--sentinel".to_owned()])
    }

    fn run(dir: &Path, port: u16, file: Option<PathBuf>, extra: Vec<String>) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("can't make {}", dir.display()))?;
        let mut redis = Self { program: programs::find("redis-server")?, dir: dir.to_owned(), port, file, extra, process: None };
        redis.start_again()?;
        Ok(redis)
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address, as `--redis-url` takes it.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills it (SIGKILL).
    pub fn kill(&mut self) -> Result<()> {
        self.process.take().context("Redis is not running")?.kill()
    }

    /// Freezes it (SIGSTOP): connections stay, answers don't come.
    pub fn pause(&self) -> Result<()> {
        self.running()?.signal(Signal::STOP)
    }

    /// Lets it go on.
    pub fn resume(&self) -> Result<()> {
        self.running()?.signal(Signal::CONT)
    }

    fn running(&self) -> Result<&Process> {
        self.process.as_ref().context("Redis is not running")
    }
}

impl Piece for Redis {
    fn process(&mut self) -> Option<&mut Process> {
        self.process.as_mut()
    }

    /// Starts it again, on the same port. It remembers nothing.
    fn start_again(&mut self) -> Result<()> {
        still_free(self.port).context("Redis")?;
        let mut command = Command::new(&self.program);
        command.args(&self.file).args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"]);
        if self.file.is_none() {
            command.args(["--save", "", "--appendonly", "no"]);
        }
        command.arg("--dir").arg(&self.dir).args(&self.extra);
        let mut process = Process::start(&mut command, &self.dir.join("redis.log"))?;
        let port = self.port;
        process.wait_until(|_| answers(port)).context("Redis")?;
        self.process = Some(process);
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        self.process.take().context("Redis is not running")?.stop(STOPS_WITHIN)
    }
}

/// Whether it answers: anything will do, since it may want a password first. Where it wants TLS, it hangs up.
fn answers(port: u16) -> bool {
    let asked = TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
        stream.set_read_timeout(Some(Duration::from_millis(500)))?;
        stream.write_all(b"PING\r\n")?;
        stream.read(&mut [0; 64])
    });
    asked.map_or_else(|error| error.kind() == ErrorKind::ConnectionReset, |_| true)
}
