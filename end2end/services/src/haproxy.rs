//! HAProxy, the load balancer in front of many Comandas.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::process::{Process, accepts, still_free};
use crate::{Piece, programs};

/// How long a stop may take: it waits for nobody.
const STOPS_WITHIN: Duration = Duration::from_secs(10);

/// A load balancer.
#[derive(Debug)]
pub struct Haproxy {
    program: PathBuf,
    dir: PathBuf,
    port: u16,
    process: Option<Process>,
}

impl Haproxy {
    /// Starts it with that configuration, and waits until it accepts connections on a port.
    pub fn start(dir: &Path, config: &str, port: u16) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("can't make {}", dir.display()))?;
        let mut haproxy = Self { program: programs::find("haproxy")?, dir: dir.to_owned(), port, process: None };
        let file = haproxy.config();
        fs::write(&file, config).with_context(|| format!("can't write {}", file.display()))?;
        haproxy.start_again()?;
        Ok(haproxy)
    }

    /// The port of 127.0.0.1 that was waited for.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where its configuration is.
    pub fn config(&self) -> PathBuf {
        self.dir.join("haproxy.cfg")
    }

    /// What it has written since it started; nothing where it isn't running.
    pub fn written(&self) -> String {
        self.process.as_ref().map(Process::written).unwrap_or_default()
    }

    /// Kills it (SIGKILL).
    pub fn kill(&mut self) -> Result<()> {
        self.process.take().context("HAProxy is not running")?.kill()
    }
}

impl Piece for Haproxy {
    fn process(&mut self) -> Option<&mut Process> {
        self.process.as_mut()
    }

    /// Starts it again, with the same configuration.
    fn start_again(&mut self) -> Result<()> {
        let port = self.port;
        still_free(port).context("HAProxy")?;
        let mut command = Command::new(&self.program);
        // In the foreground, so that it is ours to end.
        command.arg("-db").arg("-f").arg(self.config());
        let mut process = Process::start(&mut command, &self.dir.join("haproxy.log"))?;
        process.wait_until(|_| accepts(port)).context("HAProxy")?;
        self.process = Some(process);
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        self.process.take().context("HAProxy is not running")?.stop(STOPS_WITHIN)
    }
}
