//! What the domain's tests have in common: a small restaurant, and what must always hold in it.

pub mod house;
pub mod invariants;
