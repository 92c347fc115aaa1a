//! The small restaurant that the rules' own tests are told in: its dishes, tables and people are those of the fixtures.

#[path = "../../../domain/tests/common/house.rs"]
#[expect(dead_code, reason = "the rules' tests use more of it")]
mod common;
/// What holds in every seating that decided events can make.
#[path = "../../../domain/tests/common/invariants.rs"]
mod invariants;

pub(crate) use common::{folded, menu, recorded, tables, venue};
pub(crate) use invariants::invariants;
