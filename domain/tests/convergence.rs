//! The main test of the rules: thousands of simulated services, in which everything that can go wrong
//! does, and after every step of which the invariants hold. See [`simulation`].
//!
//! `SEED=123 cargo test -p domain --test convergence -- replay` tells one of them, line by line; with
//! `PLANT=SkipDedupe` (or another [`Plant`]) a fault is built into it. `SEEDS=1000000` runs more.

mod common;
#[path = "common/invariants.rs"]
mod invariants;
mod simulation;

use std::fmt::Display;
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use simulation::figures::{Count, Figures};
use simulation::{Plan, Plant, run};

/// How many services the test command simulates.
const SEEDS: u64 = 10_000;
/// Within how many services a planted fault must be seen.
const SEEN_WITHIN_SEEDS: u64 = 1_000;

/// Tells something even where tests pass, which the test harness keeps to itself otherwise.
fn tell(text: impl Display) {
    writeln!(std::io::stderr().lock(), "{text}").expect("standard error can be written");
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number, not {text}")))
}

/// Runs services on every core; gives what happened, and the first fault by its seed.
fn run_all(seeds: u64) -> (Figures, Option<(u64, String)>) {
    let next = AtomicU64::new(0);
    let total = Mutex::new((Figures::default(), None::<(u64, String)>));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let mut figures = Figures::default();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        break;
                    }
                    let outcome = run(Plan::of(seed, None), false);
                    figures.add(&outcome.figures);
                    if let Some(fault) = outcome.fault {
                        let mut total = total.lock().expect("no thread panics with the lock");
                        if total.1.as_ref().is_none_or(|(first, _)| seed < *first) {
                            total.1 = Some((seed, fault));
                        }
                        next.store(seeds, Ordering::Relaxed);
                    }
                }
                total.lock().expect("no thread panics with the lock").0.add(&figures);
            });
        }
    });
    total.into_inner().expect("no thread panics with the lock")
}

#[test]
fn every_service_ends_with_one_truth_whatever_breaks() {
    let seeds = from_environment("SEEDS").unwrap_or(SEEDS);
    let start = Instant::now();
    let (figures, fault) = run_all(seeds);
    tell(format_args!("{seeds:>12}  services in {:.1} s\n{figures}", start.elapsed().as_secs_f64()));
    if let Some((seed, fault)) = fault {
        panic!("{fault}\ntell it with: SEED={seed} cargo test -p domain --test convergence -- replay");
    }
    for (count, words) in Count::ALL {
        assert!(figures.of(*count) > 0, "{words}: it never happened, so nothing was tested");
    }
}

#[test]
fn every_planted_fault_is_seen() {
    for plant in Plant::ALL {
        let fault_of = |seed| run(Plan::of(seed, Some(plant)), false).fault;
        let shows = |seed: &u64| fault_of(*seed).is_some_and(|fault| fault.contains(plant.shows_as()));
        let seen = (0..SEEN_WITHIN_SEEDS).find(shows);
        let seed = seen.unwrap_or_else(|| panic!("{plant:?} was not seen within {SEEN_WITHIN_SEEDS} services"));
        tell(format_args!("{plant:?} is seen at seed {seed}: … {} …", plant.shows_as()));
    }
}

#[test]
fn replay() {
    let seed = from_environment("SEED");
    let plant = std::env::var("PLANT").ok().map(|name| {
        let known = Plant::ALL.into_iter().find(|plant| format!("{plant:?}") == name);
        known.unwrap_or_else(|| panic!("PLANT must be one of {:?}", Plant::ALL))
    });
    let first = run(Plan::of(seed.unwrap_or(1), plant), true);
    if seed.is_some() {
        tell(first.trace.join("\n"));
    }
    assert!(first.trace.len() > 50, "a service has a story");
    assert_eq!(first, run(Plan::of(seed.unwrap_or(1), plant), true), "a seed tells the same story each time");
    assert_eq!(first.fault, None);
}
