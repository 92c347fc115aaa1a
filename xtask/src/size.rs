//! What a guest downloads on the first visit before the page reacts to a tap, and its budget.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::{shell, site, workspace::Workspace};

/// Ten seconds of a bad mobile connection (240 kbit/s) is as long as anyone waits for a menu
/// that can already be read.
const BUDGET_BYTES: u64 = 282_000;

/// Counted against the budget: everything that must be there before the page reacts.
const COUNTED: [&str; 3] = ["guest_bg.wasm", "guest.js", "socket.io.js"];

/// Told, but not counted: the page can be read without waiting for it, or is not a guest's.
const TOLD: [&str; 5] = ["comanda.css", "fonts/fraunces.woff2", "fonts/inter.woff2", "staff_bg.wasm", "staff.js"];

/// Adds up the compressed files of the site that is in place.
pub(crate) fn size(workspace: &Workspace) -> Result<()> {
    let folder = workspace.site().join("pkg").join(site::hash(workspace)?);
    let measure = |name: &str| {
        let compressed = folder.join(format!("{name}.br"));
        // Fonts are compressed as they are.
        let path = if compressed.exists() { compressed } else { folder.join(name) };
        let bytes = fs::metadata(&path).with_context(|| format!("cannot measure {}", path.display()))?.len();
        println!("{name:<22} {:>12}", shell::kilobytes(bytes));
        Ok::<_, anyhow::Error>(bytes)
    };
    let mut total = 0;
    for name in COUNTED {
        total += measure(name)?;
    }
    println!("{:<22} {:>12}", "sum, brotli", shell::kilobytes(total));
    println!("{:<22} {:>12}", "budget", shell::kilobytes(BUDGET_BYTES));
    println!("not counted:");
    for name in TOLD {
        measure(name)?;
    }
    ensure!(total <= BUDGET_BYTES, "a guest's first visit is {} over its budget", shell::kilobytes(total - BUDGET_BYTES));
    Ok(())
}
