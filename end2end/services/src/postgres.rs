//! PostgreSQL, with a cluster of its own in a directory of ours.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::Signal;

use crate::process::Process;
use crate::{Piece, free_port, programs};

/// The role that may do everything, and its password.
const USER: &str = "comanda";
const PASSWORD: &str = "comanda";

/// How long a killed server's workers may hold on to what a new one needs.
const RELEASED_WITHIN: Duration = Duration::from_secs(20);

/// How long an orderly stop may take.
const STOPS_WITHIN: Duration = Duration::from_secs(30);

/// A PostgreSQL server. Its data is as durable as anywhere: `fsync` is on.
#[derive(Debug)]
pub struct Postgres {
    program: PathBuf,
    dir: PathBuf,
    port: u16,
    owner: Option<Owner>,
    process: Option<Process>,
}

/// As whom it runs where we are root, which it refuses to be.
#[derive(Debug, Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Makes a cluster in a directory and starts it on a free port. A cluster that is there is used.
    ///
    /// As root, every directory above must let others through ([`Postgres::can_live_in`]): a temporary one of
    /// mode 0700 does not.
    pub fn start(dir: &Path) -> Result<Self> {
        Self::start_on(dir, free_port()?)
    }

    /// The same, on a port.
    pub fn start_on(dir: &Path, port: u16) -> Result<Self> {
        let owner = Owner::needed()?;
        fs::create_dir_all(dir).with_context(|| format!("can't make {}", dir.display()))?;
        let dir = fs::canonicalize(dir)?;
        if let (Some(_), Some(closed)) = (owner, closed_above(&dir)) {
            bail!("PostgreSQL may not be root, and {} lets nobody else through to {}", closed.display(), dir.display());
        }
        if let Some(Owner { user, group }) = owner {
            chown(&dir, Some(user), Some(group)).with_context(|| format!("can't hand {} over", dir.display()))?;
        }
        let mut postgres = Self { program: programs::find("postgres")?, dir, port, owner, process: None };
        if !postgres.cluster().join("PG_VERSION").is_file() {
            postgres.make_cluster()?;
        }
        postgres.start_again()?;
        Ok(postgres)
    }

    /// Whether it could live there, if the directory were made: as root it has to be somebody else.
    pub fn can_live_in(dir: &Path) -> bool {
        !rustix::process::geteuid().is_root() || closed_above(dir).is_none()
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of one of its databases, as `--database-url` takes it. `postgres` is always there.
    pub fn url(&self, database: &str) -> String {
        self.url_at(self.port, database)
    }

    /// The same as reached through another port: a proxy's.
    pub fn url_at(&self, port: u16, database: &str) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{port}/{database}")
    }

    /// Kills it with all its workers (SIGKILL), in the middle of whatever they do.
    pub fn kill(&mut self) -> Result<()> {
        self.process.take().context("PostgreSQL is not running")?.kill()
    }

    /// Freezes the process that accepts connections (SIGSTOP); what is connected goes on.
    pub fn pause(&self) -> Result<()> {
        self.running()?.signal(Signal::STOP)
    }

    /// Lets it go on.
    pub fn resume(&self) -> Result<()> {
        self.running()?.signal(Signal::CONT)
    }

    fn try_start(&self) -> Result<Process> {
        let mut command = self.command(&self.program);
        command.arg("-D").arg(self.cluster()).args(["-p", &self.port.to_string(), "-h", "127.0.0.1", "-k", ""]);
        command.args(["-c", "max_connections=200"]);
        let mut process = Process::start(&mut command, &self.dir.join("postgres.log"))?;
        process.wait_until(|process| process.written().contains("database system is ready to accept connections"))?;
        Ok(process)
    }

    fn make_cluster(&self) -> Result<()> {
        // Beside its place until it is whole: an initdb that was ended halfway leaves a cluster that never starts.
        let unfinished = self.dir.join("cluster.unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).with_context(|| format!("can't remove {}", unfinished.display()))?;
        }
        let password = self.dir.join("password");
        fs::write(&password, PASSWORD)?;
        // It protects nothing: whoever knows this source knows it.
        fs::set_permissions(&password, fs::Permissions::from_mode(0o644))?;
        let mut initdb = self.command(&programs::beside(&self.program, "initdb")?);
        initdb.arg("-D").arg(&unfinished).args(["-U", USER, "-E", "UTF8", "--no-locale", "-A", "scram-sha-256"]);
        let made = initdb.arg("--pwfile").arg(&password).output().context("can't start initdb")?;
        let told = String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "initdb: {}\n{told}", made.status);
        fs::rename(&unfinished, self.cluster()).context("can't put the new cluster in place")
    }

    fn cluster(&self) -> PathBuf {
        self.dir.join("cluster")
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.dir);
        if let Some(Owner { user, group }) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    fn running(&self) -> Result<&Process> {
        self.process.as_ref().context("PostgreSQL is not running")
    }
}

impl Piece for Postgres {
    fn process(&mut self) -> Option<&mut Process> {
        self.process.as_mut()
    }

    /// Starts it again, on the same data and the same port.
    fn start_again(&mut self) -> Result<()> {
        let asked = Instant::now();
        loop {
            match self.try_start() {
                Ok(process) => {
                    self.process = Some(process);
                    return Ok(());
                }
                // Workers of one that was killed notice it within moments, and hold its memory until then.
                Err(error) if asked.elapsed() < RELEASED_WITHIN && format!("{error:#}").contains("still in use") => {
                    sleep(Duration::from_millis(100));
                }
                Err(error) => return Err(error.context("PostgreSQL")),
            }
        }
    }

    fn stop(&mut self) -> Result<()> {
        let mut process = self.process.take().context("PostgreSQL is not running")?;
        // A “fast” shutdown: whoever is connected is sent away.
        if process.ended()?.is_none() {
            process.signal(Signal::INT)?;
        }
        process.wait_for_end(STOPS_WITHIN)
    }
}

/// The directory above that only its owner may pass.
fn closed_above(dir: &Path) -> Option<&Path> {
    const OTHERS_MAY_PASS: u32 = 0o001;
    let is_closed = |above: &Path| fs::metadata(above).is_ok_and(|found| found.permissions().mode() & OTHERS_MAY_PASS == 0);
    dir.ancestors().skip(1).find(|above| is_closed(above))
}

impl Owner {
    /// None where we aren't root.
    fn needed() -> Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").context("can't read /etc/passwd")?;
        let found = users.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let ["postgres", _, user, group, ..] = fields[..] else { return None };
            Some(Self { user: user.parse().ok()?, group: group.parse().ok()? })
        });
        found.context("PostgreSQL refuses to run as root, and there is no user “postgres”").map(Some)
    }
}
