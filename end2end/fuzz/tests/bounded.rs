//! Some thousand mutations of each target's seeds, the same at each run. `cargo xtask fuzz` goes further.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use fuzz::mutate::Mutator;
use fuzz::{Target, Verdict};

/// How many mutations are kept to be mutated further.
const MAX_KEPT: usize = 256;

/// Runs a target that often. Of the inputs, that share at least has to be read, and that share to take effect: a run
/// that is refused all the time shows little.
fn run(name: &str, times: usize, read_percent: usize, took_percent: usize) {
    let target = Target::named(name).expect("there is such a target");
    let mutator = Mutator::of(target);
    for seed in mutator.seeds() {
        assert_ne!(tried(target, seed), Verdict::Refused, "a seed is read: {}", String::from_utf8_lossy(seed));
    }
    let (mut read, mut took) = (0, 0);
    let mut kept: Vec<Vec<u8>> = Vec::new();
    for n in 0..times {
        // Half of them from the seeds, half from what those became.
        let seeds = mutator.seeds();
        let input = if n % 2 == 0 || kept.is_empty() { &seeds[n / 2 % seeds.len()] } else { &kept[n / 2 % kept.len()] };
        let mutated = mutator.mutate(input, n as u64);
        let verdict = tried(target, &mutated);
        read += usize::from(verdict >= Verdict::Read);
        if verdict == Verdict::Took {
            let at = took % MAX_KEPT;
            took += 1;
            if at < kept.len() { kept[at] = mutated } else { kept.push(mutated) }
        }
    }
    println!("{name}: of {times} inputs, {read} were read and {took} took effect");
    assert!(read * 100 >= times * read_percent, "of {times} inputs {read} were read");
    assert!(took * 100 >= times * took_percent, "of {times} inputs {took} took effect");
}

/// Runs the target once. An input that breaks something is kept, and how to try it again is told.
fn tried(target: &Target, input: &[u8]) -> Verdict {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).unwrap_or_else(|_| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("broke-{}", target.name));
        std::fs::write(&path, input).expect("it can be kept");
        let (name, path) = (target.name, path.display());
        panic!(
            "{name} breaks at {}\nIt is kept, and tried again by: cargo run --package fuzz -- {name} {path}\n\
             Once that is mended, it goes into end2end/fuzz/found/{name}/",
            String::from_utf8_lossy(input)
        )
    })
}

#[test]
fn frames_keep_their_promises() {
    run("frames", 20_000, 40, 30);
}

#[test]
fn commands_keep_their_promises() {
    run("commands", 8_000, 40, 20);
}

#[test]
fn events_keep_their_promises() {
    run("events", 15_000, 40, 30);
}

#[test]
fn venues_keep_their_promises() {
    run("venues", 1_500, 40, 20);
}

#[test]
fn cookies_keep_their_promises() {
    run("cookies", 20_000, 40, 20);
}
