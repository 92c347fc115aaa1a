//! `cargo xtask deps`: licences, sources, known vulnerabilities and unused dependencies.

use anyhow::{Result, bail};

use crate::{needs, shell, workspace::Workspace};

/// Checks what deny.toml says, and that every dependency is used.
pub(crate) fn deps(workspace: &Workspace) -> Result<()> {
    needs::cargo_command(workspace, "deny")?;
    needs::cargo_command(workspace, "machete")?;

    shell::heading("bans, licences and sources");
    let checked = shell::run(workspace.cargo().args(["deny", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]));
    shell::heading("known vulnerabilities");
    let advised = advisories(workspace);
    shell::heading("unused dependencies");
    let used = shell::run(workspace.cargo().arg("machete"));

    let failures: Vec<_> = [checked, advised, used].into_iter().filter_map(Result::err).collect();
    if !failures.is_empty() {
        let told: Vec<_> = failures.iter().map(|error| format!("{error:#}")).collect();
        bail!("{}", told.join("; "));
    }
    Ok(())
}

/// The advisories are a database of its own, which some networks don't reach. Saying that nothing
/// was checked is no failure of the dependencies; a database that was had and finds something is.
fn advisories(workspace: &Workspace) -> Result<()> {
    match shell::read(workspace.cargo().args(["deny", "fetch", "db"])) {
        Ok(_) => shell::run(workspace.cargo().args(["deny", "check", "advisories"])),
        Err(_) => {
            println!("NOT CHECKED: the advisory database can't be had from this network");
            Ok(())
        }
    }
}
