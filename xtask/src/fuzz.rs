//! `cargo xtask fuzz`: the targets of end2end/fuzz for as long as one wants, with what was covered telling what to try
//! next. The test command tries the same targets for seconds, without.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{contents, needs, shell, workspace::Workspace};

/// Has the compiler count what is covered and note what is compared: what `cargo fuzz` gives where it adds no sanitizer
/// (in its own `project.rs`). The stable compiler takes all of them.
const FLAGS: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
/// What a target may take of memory, in MB; and for one input, in seconds.
const LIMITS: [&str; 2] = ["-rss_limit_mb=2048", "-timeout=10"];
/// How it searches. Not by rare features: that takes half of the time, and the other half finds less. Nobody else writes
/// into the folders. The figures are told at the end.
const SEARCH: [&str; 4] = ["-entropic=0", "-reload=0", "-print_funcs=0", "-print_final_stats=1"];
/// How long each target runs where nothing is said.
const SECONDS: u64 = 60;

/// What to fuzz, and for how long.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this target
    #[arg(value_enum)]
    target: Option<Target>,
    /// How often each target runs
    #[arg(long)]
    runs: Option<u64>,
    /// How long each target runs, in seconds; 60 where neither is said
    #[arg(long)]
    seconds: Option<u64>,
}

/// What reads bytes: `end2end/fuzz/src/lib.rs` lists them.
#[derive(Clone, Copy, ValueEnum)]
enum Target {
    /// The live channel's frames, on both ends
    Frames,
    /// Commands, decided and folded
    Commands,
    /// Recorded events, folded in any order
    Events,
    /// Venue files, read and published
    Venues,
    /// The Cookie header
    Cookies,
}

impl Target {
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// Builds the targets and runs them, one after the other.
pub(crate) fn fuzz(workspace: &Workspace, args: &Args) -> Result<()> {
    needs::CXX.require()?;
    let folder = workspace.target.join("fuzz");
    let program = build(workspace, &folder)?;
    let chosen = args.target.map_or_else(|| Target::value_variants().to_vec(), |target| vec![target]);
    let mut outcomes = Vec::new();
    for target in chosen {
        shell::heading(&format!("fuzz: {}", target.name()));
        outcomes.push(run(workspace, &folder, &program, target, args)?);
    }
    conclude(&outcomes)
}

/// Builds the program that holds all targets, for this computer's platform by name: then build scripts and macros, which
/// run in other programs, get no such flags.
fn build(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let mut ask = Command::new("rustc");
    ask.current_dir(&workspace.root).args(["--print", "host-tuple"]);
    let platform = shell::read(&mut ask)?.trim().to_owned();
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "fuzz", "--bin", "libfuzzer", "--features", "libfuzzer", "--profile", "fuzz"]);
    cargo.args(["--target", &platform, "--target-dir"]).arg(folder).env("RUSTFLAGS", FLAGS.join(" "));
    shell::run(&mut cargo)?;
    Ok(folder.join(platform).join("fuzz").join(format!("libfuzzer{}", std::env::consts::EXE_SUFFIX)))
}

/// How a target went.
struct Outcome {
    target: Target,
    figures: Figures,
    /// Inputs that broke something.
    broke: Vec<PathBuf>,
    failure: Option<String>,
}

fn run(workspace: &Workspace, folder: &Path, program: &Path, target: Target, args: &Args) -> Result<Outcome> {
    let name = target.name();
    let [corpus, seeds, broken] = ["corpus", "seeds", "broke"].map(|kind| folder.join(kind).join(&name));
    contents::remove_folder(&seeds)?;
    for made in [&corpus, &seeds, &broken] {
        fs::create_dir_all(made).with_context(|| format!("cannot make {}", made.display()))?;
    }
    let before = contents::list(&broken)?;
    let mut fuzzer = Command::new(program);
    fuzzer.current_dir(&workspace.root).env("FUZZ_TARGET", &name).env("FUZZ_SEEDS", &seeds);
    fuzzer.args(LIMITS).args(SEARCH);
    fuzzer.arg(format!("-artifact_prefix={}/", broken.display()));
    fuzzer.args(args.runs.map(|runs| format!("-runs={runs}")));
    let seconds = args.seconds.or_else(|| args.runs.is_none().then_some(SECONDS));
    fuzzer.args(seconds.map(|seconds| format!("-max_total_time={seconds}")));
    fuzzer.args([&corpus, &seeds]);
    let (figures, failure) = follow(&mut fuzzer, &folder.join(format!("{name}.log")))?;
    let mut broke = contents::list(&broken)?;
    broke.retain(|input| !before.contains(input));
    for input in &broke {
        println!("It broke at {}; again: cargo run --package fuzz -- {name} {}", input.display(), input.display());
        println!("Once that is mended, the input goes into end2end/fuzz/found/{name}/, where the tests try it for good.");
    }
    Ok(Outcome { target, figures, broke, failure })
}

/// Runs it to its end, keeps all that it tells, and passes on what it tells every now and then and when it breaks.
fn follow(fuzzer: &mut Command, log: &Path) -> Result<(Figures, Option<String>)> {
    let mut child = fuzzer.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().context("cannot start the fuzzer")?;
    let told = child.stderr.take().context("the fuzzer tells nothing")?;
    let mut kept = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut figures = Figures::default();
    for line in BufReader::new(told).split(b'\n') {
        let line = String::from_utf8_lossy(&line.context("the fuzzer can't be read")?).into_owned();
        writeln!(kept, "{line}").with_context(|| format!("cannot write {}", log.display()))?;
        figures.read(&line);
        if !is_routine(&line) {
            println!("{line}");
        }
    }
    let status = child.wait().context("the fuzzer can't be waited for")?;
    Ok((figures, (!status.success()).then(|| format!("the fuzzer ended with {status}"))))
}

/// Whether a line only tells what stands in the figures, or that it goes on.
fn is_routine(line: &str) -> bool {
    // A new input, one that became shorter, a word of its dictionary; and what it says before it begins.
    let begins = ["INFO:", "WARNING: Failed to find function", "stat::", "###### ", "\""];
    begins.iter().any(|begin| line.starts_with(begin)) || ["\tNEW ", "\tREDUCE "].iter().any(|kind| line.contains(kind))
}

/// What libFuzzer tells at its end, and how many edges of the program it has been on.
#[derive(Default)]
struct Figures {
    runs: u64,
    runs_a_second: u64,
    edges: u64,
    inputs: u64,
    peak_mb: u64,
}

impl Figures {
    /// Reads a line such as `#4096 pulse cov: 3501 ft: 12345 corp: 900/1200Kb …` or `stat::peak_rss_mb: 210`.
    fn read(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for pair in words.windows(2) {
            let number = pair[1].split('/').next().unwrap_or_default().parse().ok();
            let (Some(number), Some(figure)) = (number, self.named(pair[0])) else { continue };
            *figure = number;
        }
    }

    fn named(&mut self, name: &str) -> Option<&mut u64> {
        match name {
            "cov:" => Some(&mut self.edges),
            "corp:" => Some(&mut self.inputs),
            "stat::number_of_executed_units:" => Some(&mut self.runs),
            "stat::average_exec_per_sec:" => Some(&mut self.runs_a_second),
            "stat::peak_rss_mb:" => Some(&mut self.peak_mb),
            _ => None,
        }
    }
}

/// Prints the table, and fails if any target broke.
fn conclude(outcomes: &[Outcome]) -> Result<()> {
    shell::heading("result");
    println!("{:<10} {:>12} {:>10} {:>8} {:>8} {:>8}  broke", "target", "runs", "a second", "edges", "inputs", "MB");
    for Outcome { target, figures, broke, .. } in outcomes {
        let Figures { runs, runs_a_second, edges, inputs, peak_mb } = figures;
        let name = target.name();
        println!("{name:<10} {runs:>12} {runs_a_second:>10} {edges:>8} {inputs:>8} {peak_mb:>8}  {}", broke.len());
    }
    let total: u64 = outcomes.iter().map(|outcome| outcome.figures.runs).sum();
    println!("{:<10} {total:>12}", "in all");
    let failed = outcomes.iter().filter_map(|outcome| Some(format!("{}: {}", outcome.target.name(), outcome.failure.as_ref()?)));
    let failed: Vec<String> = failed.collect();
    if failed.is_empty() { Ok(()) } else { bail!("{}", failed.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fuzzer_tells_is_read() {
        let mut figures = Figures::default();
        figures.read("#65536\tpulse  cov: 3501 ft: 12345 corp: 900/1200Kb lim: 4096 exec/s: 8192 rss: 180Mb");
        figures.read("stat::number_of_executed_units: 1000000");
        figures.read("stat::average_exec_per_sec:     8264");
        figures.read("stat::peak_rss_mb:              210");
        let Figures { runs, runs_a_second, edges, inputs, peak_mb } = figures;
        assert_eq!((runs, runs_a_second, edges, inputs, peak_mb), (1_000_000, 8_264, 3_501, 900, 210));
    }
}
