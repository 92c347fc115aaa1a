//! `cargo xtask dev`: rebuild and restart the demo restaurant whenever a file changes.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context, Result};

use crate::{
    contents,
    pipeline::{self, Recipe},
    shell,
    workspace::Workspace,
};

/// How to run the demo restaurant while working on it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where it can be reached
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Where it keeps its data [default: data/ in the workspace]
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Whatever the page or the server is made of.
const WATCHED: [&str; 7] = ["domain", "app", "frontend", "server", "style", "public", "package-lock.json"];

/// How often to look. A few hundred files: looking takes a few milliseconds.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// How long a server may take to finish what it is doing.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// Runs until it is interrupted. After a change that doesn't compile, the server goes on as it
/// was.
pub(crate) fn dev(workspace: &Workspace, args: &Args) -> Result<()> {
    let data = args.data.clone().unwrap_or_else(|| workspace.root.join("data"));
    let mut running: Option<Child> = None;
    loop {
        // Read before building: what is saved while it builds is built next.
        let seen = state(workspace);
        match pipeline::build(workspace, Recipe::QUICK) {
            Ok(built) => {
                stop(running.take())?;
                let mut comanda = Command::new(&built.server);
                comanda.arg("demo").arg("--port").arg(args.port.to_string());
                comanda.arg("--data").arg(&data);
                running = Some(comanda.spawn().context("cannot start the server")?);
                built.tell();
            }
            Err(error) => shell::complain(&error),
        }
        shell::note("waiting for a change; Ctrl-C stops");
        while state(workspace) == seen {
            thread::sleep(LOOK_EVERY);
            if let Some(server) = &mut running
                && let Ok(Some(status)) = server.try_wait()
            {
                shell::note(&format!("the server has stopped by itself ({status})"));
                running = None;
            }
        }
    }
}

/// Every watched file and when it was last written. A file that is being replaced by an editor at
/// this moment is missing here, and there again the next time.
fn state(workspace: &Workspace) -> Vec<(PathBuf, Option<SystemTime>)> {
    WATCHED
        .iter()
        .map(|name| workspace.root.join(name))
        .flat_map(|path| if path.is_dir() { contents::list(&path).unwrap_or_default() } else { vec![path] })
        .map(|path| {
            let written = fs::metadata(&path).and_then(|found| found.modified()).ok();
            (path, written)
        })
        .collect()
}

/// Asks the server to stop, as a service manager would, and ends it if it doesn't.
fn stop(server: Option<Child>) -> Result<()> {
    let Some(mut server) = server else { return Ok(()) };
    if cfg!(unix) {
        let mut kill = Command::new("kill");
        // Fails only where the server is gone already.
        let _ = kill.args(["-TERM", &server.id().to_string()]).stderr(Stdio::null()).status();
        let asked = Instant::now();
        while asked.elapsed() < STOP_WITHIN {
            if server.try_wait().context("cannot ask after the server")?.is_some() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        shell::note("the server did not stop in time: ending it");
    }
    server.kill().and_then(|()| server.wait()).context("cannot end the server")?;
    Ok(())
}
