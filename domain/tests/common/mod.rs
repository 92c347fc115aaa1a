//! What the domain's tests have in common: a small restaurant.

pub(crate) mod house;
