//! The server's clock and its randomness, in one place, so that nothing else reaches for them.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::{MutationId, SeatingId, TableToken, Time};
use uuid::Uuid;

/// The time, in ms since 1970.
pub fn now() -> Time {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX))
}

/// A mutation of the server's own making.
pub fn new_mutation() -> MutationId {
    MutationId::new(Uuid::new_v4())
}

/// A stay that nobody has had.
pub fn new_seating() -> SeatingId {
    SeatingId::new(Uuid::new_v4())
}

/// A table's code that nobody has seen: 122 random bits.
pub fn new_token() -> TableToken {
    TableToken::new(Uuid::new_v4())
}
