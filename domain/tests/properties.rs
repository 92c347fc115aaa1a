//! What holds for whatever anybody does: random people at a random table, and random ids and texts.

mod common;
#[path = "common/invariants.rs"]
mod invariants;

mod properties {
    //! One module for each kind of thing that has laws.

    mod evening;
    mod roundtrips;
    mod tables;
}
