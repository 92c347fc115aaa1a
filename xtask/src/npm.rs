//! The packages of package.json: installed when missing or when the lock file has changed.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{contents, needs, shell, workspace::Workspace};

/// Installed packages.
pub(crate) struct Packages {
    node: PathBuf,
    folder: PathBuf,
}

impl Packages {
    /// Installs what package-lock.json names, unless exactly that is installed.
    pub(crate) fn install(workspace: &Workspace) -> Result<Self> {
        let node = needs::node()?;
        let folder = workspace.root.join("node_modules");
        let lock = workspace.root.join("package-lock.json");
        // Within the folder: whoever deletes the packages deletes the stamp with them.
        let stamp = folder.join(".comanda-installed");
        let wanted = contents::hash([contents::read(&lock)?]);
        if !contents::is_stamped(&stamp, &wanted) {
            shell::note("installing the npm packages of package-lock.json");
            let mut npm = Command::new(needs::NPM.require()?);
            npm.current_dir(&workspace.root).args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
            shell::run(&mut npm)?;
            contents::stamp(&stamp, &wanted)?;
        }
        Ok(Self { node, folder })
    }

    /// The packages that were installed under a root before.
    #[cfg(test)]
    pub(crate) fn installed(root: &Path) -> Result<Self> {
        Ok(Self { node: needs::node()?, folder: root.join("node_modules").canonicalize()? })
    }

    /// A file that a package brings.
    pub(crate) fn file(&self, path: &str) -> Result<PathBuf> {
        let file = self.folder.join(path);
        file.is_file().then_some(file).with_context(|| format!("node_modules has no {path}: has the package changed?"))
    }

    /// A call of Node.js.
    pub(crate) fn node(&self) -> Command {
        Command::new(&self.node)
    }

    /// A call of a script that a package brings. By its path and not through npx, which would
    /// fetch a package that it doesn't find.
    pub(crate) fn script(&self, path: &str) -> Result<Command> {
        let mut command = self.node();
        command.arg(self.file(path)?);
        Ok(command)
    }

    /// The version of an installed package.
    pub(crate) fn version(&self, package: &str) -> Result<String> {
        let manifest = self.file(&Path::new(package).join("package.json").to_string_lossy())?;
        let manifest: serde_json::Value =
            serde_json::from_slice(&contents::read(&manifest)?).with_context(|| format!("{} is not JSON", manifest.display()))?;
        manifest["version"].as_str().map(ToOwned::to_owned).with_context(|| format!("the npm package {package} has no version"))
    }
}
