//! Running other programs, and telling what goes on.

use std::{
    ffi::OsStr,
    io::{self, IsTerminal},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// Runs a program that talks to the person itself, and fails if it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = written(command);
    println!("{}", faint(&format!("$ {line}")));
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs a program and returns what it printed. What it complained about becomes the error.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let line = written(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{line}` failed ({}): {}", output.status, complaint.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed no UTF-8"))
}

/// A command as one would type it, with the program's folder left off.
fn written(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut words = vec![program.file_stem().unwrap_or(program.as_os_str())];
    words.extend(command.get_args());
    words.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.contains([' ', '"', '\'']) { format!("{word:?}") } else { word.into_owned() }
}

/// The beginning of a part.
pub(crate) fn heading(text: &str) {
    println!("\n{}", bold(&format!("━━ {text} ━━")));
}

/// A remark within a step.
pub(crate) fn note(text: &str) {
    println!("      {text}");
}

/// An error with its causes, innermost last.
pub(crate) fn complain(error: &anyhow::Error) {
    eprintln!("\n{} {error:#}", bold("xtask:"));
}

/// A duration as people say it: `0.8 s`, `2 min 5 s`.
pub(crate) fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 { format!("{:.1} s", time.as_secs_f64()) } else { format!("{} min {} s", seconds / 60, seconds % 60) }
}

/// Bytes as people say them, in steps of a thousand, as networks and budgets count.
pub(crate) fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

pub(crate) fn bold(text: &str) -> String {
    if io::stdout().is_terminal() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

fn faint(text: &str) -> String {
    if io::stdout().is_terminal() { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("bin/cargo");
        command.args(["test", "-p", "domain", "two words"]);
        assert_eq!(written(&command), "cargo test -p domain \"two words\"");
    }

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        let told = run(Command::new("rustc").arg("--no-such-option").stderr(Stdio::null()));
        let told = told.expect_err("an unknown option fails").to_string();
        assert!(told.contains("rustc --no-such-option"), "{told}");
    }

    #[test]
    fn durations_and_sizes_are_readable() {
        assert_eq!(spoken(Duration::from_millis(840)), "0.8 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 5 s");
        assert_eq!(kilobytes(299_950), "299.9 kB");
    }
}
