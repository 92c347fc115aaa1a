//! Changes an input a little, so that it is mostly still understood.
//!
//! - [`json`]: values in the place of others, mostly of those that stand under the same name elsewhere
//! - [`pairs`]: cookies left out, doubled, and put together of two
//! - [`bytes`]: bytes left out, doubled, and changed, whatever they mean

mod bytes;
mod json;
mod pairs;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use crate::{Shape, Target};

/// How many changes are made at once, at most.
const MAX_CHANGES: u32 = 4;
/// Of how many inputs one is changed without regard to what it means.
const BYTES_ONE_IN: u32 = 12;

/// Changes inputs of one target. The same input and number are always changed the same way.
pub struct Mutator {
    seeds: Vec<Vec<u8>>,
    shape: Knowledge,
}

/// What is known of inputs of that shape.
enum Knowledge {
    Json(json::Pantry),
    Cookies(pairs::Pantry),
}

impl Mutator {
    /// One for that target, which has seen its seeds.
    pub fn of(target: &Target) -> Self {
        let seeds = (target.seeds)();
        let shape = match target.shape {
            Shape::Json => Knowledge::Json(json::Pantry::of(seeds.iter().filter_map(|seed| split(seed)).map(|(_, value)| value))),
            Shape::Cookies => Knowledge::Cookies(pairs::Pantry::of(&seeds)),
        };
        Self { seeds, shape }
    }

    /// What it starts from.
    pub fn seeds(&self) -> &[Vec<u8>] {
        &self.seeds
    }

    /// The input with a few changes; which, that number says.
    pub fn mutate(&self, input: &[u8], number: u64) -> Vec<u8> {
        let random = &mut StdRng::seed_from_u64(number);
        let changes = random.random_range(1..=MAX_CHANGES);
        if random.random_ratio(1, BYTES_ONE_IN) {
            return self.bytes(input, changes, random);
        }
        match &self.shape {
            Knowledge::Json(pantry) => match split(input) {
                Some((head, mut value)) => {
                    (0..changes).for_each(|_| json::change(&mut value, pantry, random));
                    let mut mutated = head.to_vec();
                    if !head.is_empty() && random.random_ratio(1, BYTES_ONE_IN) {
                        mutated = self.bytes(head, 1, random);
                    }
                    mutated.extend(value.to_string().into_bytes());
                    mutated
                }
                None => self.bytes(input, changes, random),
            },
            Knowledge::Cookies(pantry) => {
                let mut mutated = input.to_vec();
                (0..changes).for_each(|_| mutated = pairs::change(&mutated, pantry, random));
                mutated
            }
        }
    }

    fn bytes(&self, input: &[u8], changes: u32, random: &mut StdRng) -> Vec<u8> {
        let other = self.seeds.choose(random).map_or(&[][..], Vec::as_slice);
        let mut mutated = input.to_vec();
        (0..changes).for_each(|_| bytes::change(&mut mutated, other, random));
        mutated
    }
}

/// What stands before the JSON of an input, and the JSON.
fn split(input: &[u8]) -> Option<(&[u8], Value)> {
    let at = input.iter().position(|byte| matches!(byte, b'[' | b'{'))?;
    let (head, json) = input.split_at(at);
    serde_json::from_slice(json).ok().map(|value| (head, value))
}
