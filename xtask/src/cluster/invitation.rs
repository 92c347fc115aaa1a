//! What people are told when the cluster serves.

use std::{
    fmt::Write,
    io::{self, IsTerminal},
    path::Path,
};

use anyhow::{Context, Result};
use qrcode::{QrCode, render::unicode::Dense1x2};
use serde_json::Value;

/// The demo's venue, and the table that guests are shown first.
const VENUE: &str = "tasca";
const TABLE: &str = "t7";

/// The links, and who can be killed: name, address, process.
pub(super) fn text(links: &Value, killable: &[(String, String, u32)], data: &Path) -> Result<String> {
    let venue = &links["venues"][VENUE];
    let link = |link: &Value| link.as_str().map(ToOwned::to_owned).context("the servers' links lack one of the demo's");
    let guests = link(&venue["tables"][TABLE])?;
    let mut text = format!(
        "\n{code}\n\
         Table 7, for guests   {guests}\n\
         The floor             {floor}\n\
         The kitchen           {kitchen}\n\
         Sign in               waiter, kitchen or manager; password {password}\n\n",
        code = qr(&guests)?,
        floor = link(&venue["floor"])?,
        kitchen = link(&venue["kitchen"])?,
        password = link(&venue["password"])?,
    );
    for (name, address, pid) in killable {
        writeln!(text, "{name:<12} kill -9 {pid:<8} {address}")?;
    }
    write!(
        text,
        "\nOpen the first link on two phones (or in two private windows), and let the second in: they share one order, whichever\n\
         server each is on.\n\
         Kill what you like: it is started again after some seconds, and no order is lost.\n\
         Ctrl-C stops all in order; what was ordered, and what each wrote, is kept in {}",
        data.display(),
    )?;
    Ok(text)
}

/// Dark on light also where the terminal is light on dark, since not every camera reads the reverse.
fn qr(link: &str) -> Result<String> {
    let code = QrCode::new(link).context("cannot draw the QR code")?.render::<Dense1x2>().quiet_zone(true).build();
    if !io::stdout().is_terminal() {
        return Ok(code);
    }
    // ECMA-48: black on white, and back.
    Ok(code.lines().map(|line| format!("\x1b[30;107m{line}\x1b[0m\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whoever_reads_it_can_order_sign_in_and_kill() {
        let links = json!({ "venues": { "tasca": {
            "tables": { "t7": "http://h/t/tasca/1" }, "floor": "http://h/f", "kitchen": "http://h/k", "password": "abcd",
        }}});
        let told = text(&links, &[("comanda-1".into(), "http://127.0.0.1:1".into(), 42)], Path::new("data")).expect("a text");
        for needed in ["http://h/t/tasca/1", "http://h/f", "http://h/k", "password abcd", "kill -9 42", "kept in data"] {
            assert!(told.contains(needed), "{needed}: {told}");
        }
    }

    #[test]
    fn links_without_the_demo_are_an_error() {
        assert!(text(&json!({ "venues": {} }), &[], Path::new("data")).is_err());
    }
}
