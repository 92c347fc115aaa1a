//! The style sheets: `style/main.css` with everything it imports, as one minified file.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::npm::Packages;

/// Bundles with Lightning CSS from npm, which is there already compiled: as a crate it was the longest part of xtask.
const SCRIPT: &str = include_str!("css.mjs");

/// The oldest browsers that get the layout as designed, as major and minor version: those of spring 2022, the first with
/// cascade layers. What is newer (nesting, `light-dark()`, colour spaces) is written in terms of
/// what they know, wherever that can be done.
fn browsers() -> Value {
    json!({
        "android": [99, 0],
        "chrome": [99, 0],
        "edge": [99, 0],
        "firefox": [97, 0],
        "ios_saf": [15, 4],
        "safari": [15, 4],
        "samsung": [18, 0],
    })
}

/// What the script answers.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Css(String),
    Error { file: Option<String>, line: Option<u32>, column: Option<u32>, message: String },
}

/// Bundles a sheet with its imports. An error tells the file and the line.
pub(crate) fn bundle(npm: &Packages, main: &Path) -> Result<String> {
    if !main.is_file() {
        bail!("the style sheet {} is missing", main.display());
    }
    let asked = json!({ "lightningcss": npm.file("lightningcss/node/index.js")?, "main": main, "browsers": browsers() });
    match ask(npm.node(), &asked)? {
        Answer::Css(css) => Ok(css),
        Answer::Error { file: Some(file), line: Some(line), column: Some(column), message } => {
            bail!("{file}:{line}:{column}: {message}")
        }
        Answer::Error { message, .. } => bail!("the style sheets: {message}"),
    }
}

fn ask(mut node: Command, asked: &Value) -> Result<Answer> {
    node.args(["--input-type=module", "--eval", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().context("cannot start Node.js to bundle the style sheets")?;
    let mut stdin = node.stdin.take().context("Node.js was started without an input")?;
    stdin.write_all(asked.to_string().as_bytes()).context("Node.js stopped listening")?;
    drop(stdin);
    let output = node.wait_with_output().context("cannot wait for Node.js")?;
    ensure!(output.status.success(), "bundling the style sheets failed ({})", output.status);
    serde_json::from_slice(&output.stdout).context("what bundled the style sheets answered can't be read")
}

/// The addresses that a bundled sheet names in `url()`: fonts and pictures. What is inside the sheet itself
/// (`data:`, `#id`) is left out.
pub(crate) fn links(sheet: &str) -> Vec<&str> {
    sheet
        .split("url(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(|link| link.trim_matches(['"', '\'']))
        .filter(|link| !link.starts_with("data:") && !link.starts_with('#'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::write;

    /// The packages of this workspace, which every build installs.
    fn npm() -> Packages {
        Packages::installed(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))).expect("`cargo xtask build` was run")
    }

    #[test]
    fn imports_are_bundled_and_minified() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let main = folder.path().join("main.css");
        write(&main, b"@layer tokens, guest;\n@import \"guest.css\" layer(guest);").expect("a file");
        write(&folder.path().join("guest.css"), b".dish { & p { margin: 0px 0px; } }").expect("a file");
        let css = bundle(&npm(), &main).expect("a sheet");
        assert_eq!(css, "@layer tokens;@layer guest{.dish p{margin:0}}");
    }

    #[test]
    fn an_error_names_the_sheet_and_the_line() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let main = folder.path().join("main.css");
        write(&main, b"@import \"guest.css\";").expect("a file");
        write(&folder.path().join("guest.css"), b".dish {}\n.dish { color }\n}").expect("a file");
        let told = bundle(&npm(), &main).expect_err("a broken sheet").to_string();
        assert!(told.contains("guest.css:2"), "{told}");
    }

    #[test]
    fn links_are_found_quoted_or_not() {
        let sheet = r##"@font-face{src:url(fonts/a.woff2)}.x{background:url("/b.png"),url(data:x),url(#c)}"##;
        assert_eq!(links(sheet), ["fonts/a.woff2", "/b.png"]);
    }

    #[test]
    fn a_missing_sheet_is_told_plainly() {
        let told = bundle(&npm(), Path::new("nowhere/main.css")).expect_err("no sheet").to_string();
        assert!(told.ends_with("main.css is missing"), "{told}");
    }
}
