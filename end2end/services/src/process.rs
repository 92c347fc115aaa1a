//! A process of ours: started, waited for, frozen, killed.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// How long it may take until a server serves: recovery after a kill included.
const SERVES_WITHIN: Duration = Duration::from_secs(60);
/// How long killed processes may take to disappear.
const GONE_WITHIN: Duration = Duration::from_secs(5);
/// How often we look whether it does.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The ports that are given away: below those that systems take for outgoing connections (Linux from 32768, others
/// from 49152), of which any may be taken in the moment between finding it free and listening on it.
const PORTS: std::ops::Range<u16> = 15_000..31_000;

/// A port that nobody listens on, and that this process has given to nobody else.
///
/// It stays free as long as nobody takes it: whoever starts something on it does so soon.
pub fn free_port() -> Result<u16> {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    // Processes that run side by side begin at places of their own.
    let begin = std::process::id().wrapping_mul(7_919);
    for _ in PORTS {
        let nth = begin.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed)) % u32::from(PORTS.end - PORTS.start);
        let port = PORTS.start + u16::try_from(nth)?;
        if still_free(port).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {} to {} is free", PORTS.start, PORTS.end - 1)
}

/// Whether what is started hears Ctrl-C.
static HEARS_TERMINAL: AtomicBool = AtomicBool::new(true);

/// From now on, what is started does not hear the terminal's Ctrl-C, which otherwise ends it with us: for
/// whoever listens to it and stops everything in order.
pub fn keep_from_terminal() {
    HEARS_TERMINAL.store(false, Ordering::Relaxed);
}

/// Refuses a port that somebody else listens on: who waits until it accepts would take the other for ours.
pub(crate) fn still_free(port: u16) -> Result<()> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!("port {port} is taken by another program"),
        tried => tried.map(drop).with_context(|| format!("can't listen on port {port}")),
    }
}

/// A process that writes its log to a file. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Dropped after the child has been waited for.
    _guard: Guard,
    log: PathBuf,
    /// Where the log ended before this process wrote to it.
    log_from: u64,
}

impl Process {
    /// Starts it, with what it writes appended to `log`, which only we can read.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = append_to(log)?;
        let log_from = file.metadata()?.len();
        let program = command.get_program().display().to_string();
        if !HEARS_TERMINAL.load(Ordering::Relaxed) {
            command.process_group(0);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("can't start {program}"))?;
        let guard = Guard::of(child.id()).inspect_err(|_| {
            // What can't be guarded is not left behind.
            let _ = child.kill().and_then(|()| child.wait());
        })?;
        Ok(Self { child, _guard: guard, log: log.to_owned(), log_from })
    }

    /// Waits until it serves.
    pub fn wait_until(&mut self, serves: impl Fn(&Self) -> bool) -> Result<()> {
        let asked = Instant::now();
        while !serves(self) {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended before it served: {status}\n{}", self.written());
            }
            if asked.elapsed() > SERVES_WITHIN {
                bail!("it does not serve\n{}", self.written());
            }
            sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// What it has written since it started.
    pub fn written(&self) -> String {
        let mut text = String::new();
        let read = File::open(&self.log).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.log_from))?;
            file.read_to_string(&mut text)
        });
        read.map_or_else(|error| format!("({} can't be read: {error})", self.log.display()), |_| text)
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) -> Result<()> {
        signal_to(self.pid(), signal)
    }

    /// Kills it and every process that it has started, at once, and waits until they are gone.
    pub fn kill(&mut self) -> Result<()> {
        if self.ended()?.is_some() {
            return Ok(());
        }
        // Stopped first, so that it starts no more.
        self.signal(Signal::STOP)?;
        let children = children_of(self.pid());
        self.child.kill().context("can't kill it")?;
        for &child in &children {
            // It may have ended with its parent.
            let _ = signal_to(child, Signal::KILL);
        }
        self.child.wait()?;
        let asked = Instant::now();
        while children.iter().any(|&child| lives(child)) && asked.elapsed() < GONE_WITHIN {
            sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// How it has ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Asks it to stop (SIGTERM), and doesn't wait.
    pub fn ask_to_stop(&mut self) -> Result<()> {
        // The number of one that has ended may be somebody else's by now.
        if self.ended()?.is_none() { self.signal(Signal::TERM) } else { Ok(()) }
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self, within: Duration) -> Result<()> {
        self.ask_to_stop()?;
        self.wait_for_end(within)
    }

    /// Waits until one that was asked to stop has.
    pub fn wait_for_end(&mut self, within: Duration) -> Result<()> {
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > within {
                bail!("it has not stopped within {within:?}\n{}", self.written());
            }
            sleep(LOOK_EVERY);
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // Frozen or not, it goes; who drops it has no use for an error.
            let _ = self.kill();
        }
    }
}

/// Kills a process should we be killed, when nothing is dropped: a shell that waits for the end of a pipe
/// which only we hold open.
#[derive(Debug)]
struct Guard(Child);

impl Guard {
    fn of(pid: u32) -> Result<Self> {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("trap '' INT TERM HUP; read -r _; kill -KILL {pid}"));
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        shell.spawn().context("can't start sh").map(Self)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // It waits, so it can be killed; and who drops it has no use for an error.
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}

fn append_to(log: &Path) -> Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(log).with_context(|| format!("can't write {}", log.display()))
}

fn signal_to(pid: u32, signal: Signal) -> Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).context("not a process")?;
    kill_process(pid, signal).context("can't send a signal")
}

/// The processes that a process has started; none where the system does not tell.
fn children_of(pid: u32) -> Vec<u32> {
    let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
    let numbers = all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    numbers.filter(|&other| state_of(other).is_some_and(|(_, parent)| parent == pid)).collect()
}

/// Whether a process is there, and more than a number that nobody has asked after.
fn lives(pid: u32) -> bool {
    state_of(pid).is_some_and(|(state, _)| state != "Z")
}

/// A process's state and its parent (proc(5), `/proc/PID/stat`).
fn state_of(pid: u32) -> Option<(String, u32)> {
    let told = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it stands in parentheses, and may hold some itself.
    let mut fields = told[told.rfind(')')? + 1..].split_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

/// Whether somebody accepts connections there.
pub(crate) fn accepts(port: u16) -> bool {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    std::net::TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok()
}
