//! The style sheets: `style/main.css` with everything it imports, as one minified file.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    error::Error,
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions},
    targets::{Browsers, Targets},
};

/// The oldest browsers that get the layout as designed: those of spring 2022, the first with
/// cascade layers. What is newer (nesting, `light-dark()`, colour spaces) is written in terms of
/// what they know, wherever that can be done.
const BROWSERS: Browsers = Browsers {
    android: Some(version(99, 0)),
    chrome: Some(version(99, 0)),
    edge: Some(version(99, 0)),
    firefox: Some(version(97, 0)),
    ie: None,
    ios_saf: Some(version(15, 4)),
    opera: None,
    safari: Some(version(15, 4)),
    samsung: Some(version(18, 0)),
};

const fn version(major: u32, minor: u32) -> u32 {
    major << 16 | minor << 8
}

/// Bundles a sheet with its imports. An error tells the file and the line.
pub(crate) fn bundle(main: &Path) -> Result<String> {
    if !main.is_file() {
        bail!("the style sheet {} is missing", main.display());
    }
    let targets = Targets::from(BROWSERS);
    let files = FileProvider::new();
    let mut sheet = Bundler::new(&files, None, ParserOptions::default()).bundle(main).map_err(told)?;
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(told)?;
    let printed = sheet.to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() }).map_err(told)?;
    Ok(printed.code)
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

/// As text, since the error borrows from a sheet; with lines counted from one, as editors do.
fn told<Kind: std::fmt::Display>(error: Error<Kind>) -> anyhow::Error {
    match error.loc {
        Some(at) => anyhow!("{}:{}:{}: {}", at.filename, at.line + 1, at.column, error.kind),
        None => anyhow!("the style sheets: {}", error.kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::write;

    #[test]
    fn imports_are_bundled_and_minified() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let main = folder.path().join("main.css");
        write(&main, b"@layer tokens, guest;\n@import \"guest.css\" layer(guest);").expect("a file");
        write(&folder.path().join("guest.css"), b".dish { & p { margin: 0px 0px; } }").expect("a file");
        let css = bundle(&main).expect("a sheet");
        assert_eq!(css, "@layer tokens;@layer guest{.dish p{margin:0}}");
    }

    #[test]
    fn an_error_names_the_sheet_and_the_line() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let main = folder.path().join("main.css");
        write(&main, b"@import \"guest.css\";").expect("a file");
        write(&folder.path().join("guest.css"), b".dish {}\n.dish { color }\n}").expect("a file");
        let told = bundle(&main).expect_err("a broken sheet").to_string();
        assert!(told.contains("guest.css:2"), "{told}");
    }

    #[test]
    fn links_are_found_quoted_or_not() {
        let sheet = r##"@font-face{src:url(fonts/a.woff2)}.x{background:url("/b.png"),url(data:x),url(#c)}"##;
        assert_eq!(links(sheet), ["fonts/a.woff2", "/b.png"]);
    }

    #[test]
    fn a_missing_sheet_is_told_plainly() {
        let told = bundle(Path::new("nowhere/main.css")).expect_err("no sheet").to_string();
        assert!(told.ends_with("main.css is missing"), "{told}");
    }
}
