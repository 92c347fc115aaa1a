//! One target under libFuzzer (<https://llvm.org/docs/LibFuzzer.html>), which is told by coverage what was worth trying.
//! `cargo xtask fuzz` builds and runs it, and says by two variables which target, and where its seeds are to lie.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;
use std::{env, fs};

use fuzz::Target;
use fuzz::mutate::Mutator;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

/// Of how many mutations one is libFuzzer's own.
const THEIRS_ONE_IN: u32 = 4;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = env::var("FUZZ_TARGET").unwrap_or_default();
    Target::named(&name).unwrap_or_else(|| panic!("FUZZ_TARGET is “{name}”, which is no target"))
});

static MUTATOR: LazyLock<Mutator> = LazyLock::new(|| Mutator::of(&TARGET));

/// Writes the seeds, before libFuzzer reads that folder.
fn write_seeds() {
    let folder = PathBuf::from(env::var_os("FUZZ_SEEDS").expect("FUZZ_SEEDS is a folder"));
    for (n, seed) in MUTATOR.seeds().iter().enumerate() {
        let path = folder.join(format!("{n:03}"));
        fs::write(&path, seed).unwrap_or_else(|error| panic!("can't write {}: {error}", path.display()));
    }
}

fuzz_target!(init: write_seeds(), |bytes: &[u8]| {
    (TARGET.run)(bytes);
});

// In turns: ours knows what an input means, libFuzzer's what the code compared it with.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed.is_multiple_of(THEIRS_ONE_IN) {
        return fuzzer_mutate(data, size, max_size);
    }
    let mutated = MUTATOR.mutate(&data[..size], u64::from(seed));
    let kept = mutated.len().min(max_size);
    data[..kept].copy_from_slice(&mutated[..kept]);
    kept
});
