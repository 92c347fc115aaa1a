//! HAProxy, the load balancer in front of many Comandas.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process::{Process, accepts};
use crate::programs;

/// A load balancer.
#[derive(Debug)]
pub struct Haproxy {
    process: Process,
    port: u16,
    config: PathBuf,
}

impl Haproxy {
    /// Starts it with that configuration, and waits until it accepts connections on a port.
    pub fn start(dir: &Path, config: &str, port: u16) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("can't make {}", dir.display()))?;
        let file = dir.join("haproxy.cfg");
        fs::write(&file, config).with_context(|| format!("can't write {}", file.display()))?;
        let mut command = Command::new(programs::find("haproxy")?);
        // In the foreground, so that it is ours to end.
        command.arg("-db").arg("-f").arg(&file);
        let mut process = Process::start(&mut command, &dir.join("haproxy.log"))?;
        process.wait_until(|_| accepts(port)).context("HAProxy")?;
        Ok(Self { process, port, config: file })
    }

    /// The port of 127.0.0.1 that was waited for.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its configuration.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// What it has written.
    pub fn written(&self) -> String {
        self.process.written()
    }
}
