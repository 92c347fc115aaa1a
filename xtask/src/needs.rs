//! The tools that must be installed, and installing them where that is possible.
//!
//! What is missing is installed if it can be without asking (rustup; Debian's packages as root).
//! Otherwise the person is told what to type. Nothing is ever skipped because a tool is missing.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{shell, workspace::Workspace};

/// A program that Comanda is built or tested with, but that cargo and npm can't bring.
pub(crate) struct Tool {
    /// What people call it.
    pub(crate) name: &'static str,
    /// What it is needed for.
    pub(crate) purpose: &'static str,
    /// An environment variable that may name it.
    variable: Option<&'static str>,
    /// What it is called, or an absolute path where it is in no usual folder; best first.
    programs: &'static [&'static str],
    /// Debian's packages that bring it; none where Debian's version is too old.
    debian: &'static [&'static str],
    /// What to do elsewhere.
    elsewhere: &'static str,
}

/// The browser that Playwright drives. Playwright's own download is not used: it is another
/// 150 MB, and can't be had everywhere.
pub(crate) const CHROMIUM: Tool = Tool {
    name: "Chromium",
    purpose: "the browser tests",
    variable: Some("CHROMIUM_PATH"),
    programs: &[
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    debian: &["chromium", "fonts-liberation"],
    elsewhere: "install Chromium or Chrome, or set CHROMIUM_PATH to it",
};

/// Runs wasm-opt, Playwright and the official Socket.IO client.
pub(crate) const NODE: Tool = Tool {
    name: "Node.js",
    purpose: "wasm-opt, compression and the browser tests",
    variable: None,
    programs: &["node"],
    debian: &[],
    elsewhere: "install Node.js 20 or newer with npm",
};

/// Fetches what package.json names; comes with Node.js, except on Debian.
pub(crate) const NPM: Tool = Tool {
    name: "npm",
    purpose: "the packages of package.json",
    variable: None,
    programs: &["npm"],
    debian: &[],
    elsewhere: "install npm 10 or newer, which comes with Node.js",
};

/// Compiles libFuzzer.
pub(crate) const CXX: Tool = Tool {
    name: "A C++ compiler",
    purpose: "libFuzzer",
    variable: None,
    programs: &["c++"],
    debian: &["g++"],
    elsewhere: "install a C++ compiler that can be called as c++",
};

/// The log of many servers.
pub(crate) const POSTGRES: Tool = Tool {
    name: "PostgreSQL",
    purpose: "the log of many servers",
    variable: None,
    // Comes with the server, and makes what the server serves; the client alone doesn't bring it.
    programs: &["initdb"],
    debian: &["postgresql"],
    elsewhere: "install PostgreSQL 13 or newer, the server",
};

/// The bus between many servers.
pub(crate) const REDIS: Tool = Tool {
    name: "Redis",
    purpose: "the bus between many servers",
    variable: None,
    programs: &["redis-server"],
    debian: &["redis-server"],
    elsewhere: "install Redis 6 or newer, the server",
};

/// The balancer in front of many servers.
pub(crate) const HAPROXY: Tool = Tool {
    name: "HAProxy",
    purpose: "the balancer in front of many servers",
    variable: None,
    programs: &["haproxy"],
    debian: &["haproxy"],
    elsewhere: "install HAProxy 2.6 or newer",
};

/// Takes out of a program what only debuggers read.
pub(crate) const STRIP: Tool = Tool {
    name: "strip",
    purpose: "packages",
    variable: None,
    programs: &["strip"],
    debian: &["binutils"],
    elsewhere: "install GNU binutils",
};

/// Tells which libraries a program needs.
pub(crate) const OBJDUMP: Tool = Tool { name: "objdump", programs: &["objdump"], ..STRIP };

/// The oldest Node.js whose own test runner and WASM can do what is asked of them.
const NODE_MAJOR_MIN: u32 = 20;

impl Tool {
    /// Where it is; installs it if it isn't there yet and that can be done.
    pub(crate) fn require(&self) -> Result<PathBuf> {
        if let Some(found) = self.find()? {
            return Ok(found);
        }
        let missing = format!("{} is missing (needed for {})", self.name, self.purpose);
        if self.debian.is_empty() || on_path("apt-get").is_none() {
            bail!("{missing}: {}", self.elsewhere);
        }
        let packages = self.debian.join(" ");
        if !is_root() {
            bail!("{missing}: `sudo apt-get update && sudo apt-get install {packages}`");
        }
        shell::note(&format!("{missing}: installing Debian's {packages}"));
        shell::run(apt().arg("update"))?;
        shell::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(self.debian))?;
        self.find()?.with_context(|| format!("{missing}, even after installing {packages}"))
    }

    /// Where it is, if it is installed. Fails if its variable names what isn't there.
    fn find(&self) -> Result<Option<PathBuf>> {
        if let Some(variable) = self.variable
            && let Some(named) = env::var_os(variable)
        {
            let named = PathBuf::from(named);
            if !named.is_file() {
                bail!("{variable} says {}, but no such file is there", named.display());
            }
            return Ok(Some(named));
        }
        Ok(self.programs.iter().find_map(|program| on_path(program).or_else(|| services::program(program))))
    }
}

/// What many servers stand on.
pub(crate) fn cluster() -> Result<()> {
    [POSTGRES, REDIS, HAPROXY].iter().try_for_each(|tool| tool.require().map(drop))
}

/// Node.js, recent enough.
pub(crate) fn node() -> Result<PathBuf> {
    let node = NODE.require()?;
    let version = shell::read(Command::new(&node).arg("--version"))?;
    match node_major(&version) {
        Some(major) if major >= NODE_MAJOR_MIN => Ok(node),
        _ => bail!("Node.js is {}, too old: {}", version.trim(), NODE.elsewhere),
    }
}

fn node_major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Rust's own libraries for the browser.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let mut ask = Command::new("rustc");
    ask.current_dir(&workspace.root).args(["--print", "target-libdir", "--target", TARGET]);
    if Path::new(shell::read(&mut ask)?.trim()).is_dir() {
        return Ok(());
    }
    if on_path("rustup").is_none() {
        bail!("Rust's libraries for {TARGET} are missing: install them as you installed Rust");
    }
    shell::note("Rust's libraries for the browser are missing: adding them");
    // In the workspace, so that they go to the toolchain that rust-toolchain.toml names.
    let mut rustup = Command::new("rustup");
    shell::run(rustup.current_dir(&workspace.root).args(["target", "add", TARGET]))
}

/// The version of the compiler that the workspace is compiled with: `1.95.0`.
pub(crate) fn compiler(workspace: &Workspace) -> Result<String> {
    let mut ask = Command::new("rustc");
    let told = shell::read(ask.current_dir(&workspace.root).arg("--version"))?;
    Ok(told.split_whitespace().nth(1).unwrap_or_default().to_owned())
}

/// The standard library's source, which the page is compiled with; added where it is missing.
pub(crate) fn std_source(workspace: &Workspace) -> Result<()> {
    let mut ask = Command::new("rustc");
    ask.current_dir(&workspace.root).args(["--print", "sysroot"]);
    let sysroot = shell::read(&mut ask)?;
    if Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std").is_dir() {
        return Ok(());
    }
    if on_path("rustup").is_none() {
        bail!("the source of Rust's standard library (rust-src) is missing: install it as you installed Rust");
    }
    shell::note("The source of Rust's standard library is missing: adding it");
    let mut rustup = Command::new("rustup");
    shell::run(rustup.current_dir(&workspace.root).args(["component", "add", "rust-src"]))
}

/// A cargo subcommand, installed from its source where it is missing.
pub(crate) fn cargo_command(workspace: &Workspace, name: &str) -> Result<()> {
    let program = format!("cargo-{name}");
    if on_path(&program).is_some() {
        return Ok(());
    }
    shell::note(&format!("{program} is missing: compiling it, which takes some minutes, once"));
    shell::run(workspace.cargo().args(["install", "--locked", &program]))
}

/// Where a program is, by PATH or by an absolute path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let given = Path::new(program);
    if given.is_absolute() {
        return given.is_file().then(|| given.to_owned());
    }
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|candidate| candidate.is_file())
}

fn is_root() -> bool {
    shell::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
    // Debian starts a PostgreSQL, a Redis and an HAProxy of its own when it installs them; we start ours.
    apt.env("SYSTEMD_OFFLINE", "1");
    apt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(node_major("v20.20.2\n"), Some(20));
        assert_eq!(node_major("nonsense"), None);
    }

    #[test]
    fn what_is_missing_and_not_installable_is_told_with_its_purpose() {
        const NOWHERE: Tool = Tool {
            name: "Nowhere",
            purpose: "this test",
            variable: None,
            programs: &["no-such-program-anywhere"],
            debian: &[],
            elsewhere: "look under the sofa",
        };
        let told = NOWHERE.require().expect_err("it isn't installed").to_string();
        assert_eq!(told, "Nowhere is missing (needed for this test): look under the sofa");
    }

    #[test]
    fn programs_are_found_on_path() {
        assert!(on_path("cargo").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }
}
