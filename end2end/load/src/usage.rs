//! What a process uses, as Linux tells it (proc(5)).

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};
use rustix::param::clock_ticks_per_second;

/// The time that a process has had of all cores together.
pub fn cpu_time(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("only Linux tells what a process uses")?;
    let ticks = cpu_ticks(&stat).context("/proc/PID/stat is not as expected")?;
    Ok(Duration::from_secs_f64(ticks as f64 / clock_ticks_per_second() as f64))
}

/// What all cores did since the machine was started, in clock ticks.
#[derive(Debug, Clone, Copy)]
pub struct Machine {
    busy: u64,
    all: u64,
}

impl Machine {
    /// How busy it was in between, 1 for all its cores.
    pub fn busy_since(self, before: Self) -> f64 {
        self.busy.saturating_sub(before.busy) as f64 / self.all.saturating_sub(before.all).max(1) as f64
    }
}

/// What all cores did so far, whoever asked them to.
pub fn machine() -> Result<Machine> {
    let stat = fs::read_to_string("/proc/stat").context("only Linux tells how busy it is")?;
    machine_ticks(&stat).context("/proc/stat is not as expected")
}

/// The first line: user, nice, system, idle, waiting for IO, interrupts, soft interrupts, stolen; what
/// follows is in the first two already.
fn machine_ticks(stat: &str) -> Option<Machine> {
    let fields: Vec<u64> = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().flat_map(str::parse).take(8).collect();
    let (idle, all) = (fields.get(3)? + fields.get(4)?, fields.iter().sum::<u64>());
    Some(Machine { busy: all - idle, all })
}

/// Fields 14 and 15: user and system time. The second field is a name that may have blanks in it.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some(ticks(14)? + ticks(15)?)
}

/// The memory that a process has now and the most that it has had, in bytes.
pub fn memory_bytes(pid: u32) -> Result<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("only Linux tells what a process uses")?;
    let of = |name: &str| kib(&status, name).map(|kib| kib * 1_024).context("/proc/PID/status is not as expected");
    Ok((of("VmRSS:")?, of("VmHWM:")?))
}

fn kib(status: &str, name: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

/// How many sockets a process holds open.
pub fn sockets(pid: u32) -> Result<usize> {
    let files = fs::read_dir(format!("/proc/{pid}/fd")).context("only Linux tells what a process uses")?;
    let is_socket = |path: std::path::PathBuf| fs::read_link(path).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"));
    Ok(files.flatten().filter(|file| is_socket(file.path())).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_blanks_moves_no_field() {
        let stat = "17 (a (b) c) S 1 17 17 0 -1 4194304 100 0 0 0 70 30 0 0 20 0 1 0 5";
        assert_eq!(cpu_ticks(stat), Some(100));
        let machine = |stat| machine_ticks(stat).expect("as Linux writes it");
        let (before, after) = (machine("cpu  10 0 10 70 10 0 0 0 0 0\ncpu0 1"), machine("cpu  40 0 30 90 40 0 0 0 0 0"));
        assert_eq!(after.busy_since(before), 0.5);
        assert_eq!(kib("Name:\tx\nVmRSS:\t   12 kB\n", "VmRSS:"), Some(12));
    }
}
