//! Changes bytes, whatever they mean.

use rand::Rng;

/// How long a part is that is left out, doubled or taken from elsewhere, in bytes, at most.
const MAX_PART_BYTES: usize = 64;

/// Makes one change. `other` is an input from which something may be taken.
pub(super) fn change(bytes: &mut Vec<u8>, other: &[u8], random: &mut impl Rng) {
    let at = random.random_range(0..=bytes.len());
    let part = at..(at + random.random_range(1..=MAX_PART_BYTES)).min(bytes.len());
    match random.random_range(0..7) {
        0 => drop(bytes.drain(part)),
        1 => {
            let doubled = bytes[part].to_vec();
            drop(bytes.splice(at..at, doubled));
        }
        2 => {
            let from = random.random_range(0..=other.len());
            let taken = &other[from..(from + random.random_range(1..=MAX_PART_BYTES)).min(other.len())];
            drop(bytes.splice(at..at, taken.to_vec()));
        }
        3 => bytes.truncate(at),
        4 => bytes.insert(at, random.random()),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = if random.random() { random.random() } else { *byte ^ (1 << random.random_range(0..8)) };
            }
        }
    }
}
