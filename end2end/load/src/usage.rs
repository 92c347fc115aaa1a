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
        assert_eq!(kib("Name:\tx\nVmRSS:\t   12 kB\n", "VmRSS:"), Some(12));
    }
}
