//! Changes `Cookie` headers: one line each, pairs with `;` in between.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::bytes;

/// What may stand between two pairs.
const BETWEEN: [&[u8]; 6] = [b"; ", b";", b" ;  ", b"\n", b";;", b", "];

/// The pairs of all seeds.
pub(super) struct Pantry(Vec<Vec<u8>>);

impl Pantry {
    pub(super) fn of(seeds: &[Vec<u8>]) -> Self {
        Self(seeds.iter().flat_map(|seed| split(seed)).collect())
    }
}

fn split(input: &[u8]) -> Vec<Vec<u8>> {
    input.split(|byte| matches!(byte, b';' | b'\n')).map(|pair| pair.trim_ascii().to_vec()).collect()
}

/// Makes one change.
pub(super) fn change(input: &[u8], Pantry(known): &Pantry, random: &mut impl Rng) -> Vec<u8> {
    let mut pairs = split(input);
    let at = random.random_range(0..pairs.len());
    let other = known.choose(random).map_or(&[][..], Vec::as_slice);
    match random.random_range(0..8) {
        0 if pairs.len() > 1 => drop(pairs.remove(at)),
        1 => pairs.push(pairs[at].clone()),
        2 => {
            let to = random.random_range(0..pairs.len());
            pairs.swap(at, to);
        }
        3 | 4 => pairs.insert(at, other.to_vec()),
        5 => pairs[at] = [name(&pairs[at]), value(other)].concat(),
        6 => pairs[at] = [name(other), value(&pairs[at])].concat(),
        _ => bytes::change(&mut pairs[at], other, random),
    }
    let between =
        if random.random_ratio(3, 4) { BETWEEN[0] } else { BETWEEN.choose(random).map_or(BETWEEN[0], |between| *between) };
    pairs.join(between)
}

fn name(pair: &[u8]) -> &[u8] {
    &pair[..pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len())]
}

/// With the `=` before it.
fn value(pair: &[u8]) -> &[u8] {
    &pair[name(pair).len()..]
}
