//! How often one may join: by the code that is scanned, by address, and by the number on the others' phones.

use domain::{SeatingId, TableId, VenueId};

use super::{Buckets, Network, Rate};

/// How many join one table: a party that comes at once, and then one every other second. So nobody fills a table, or its
/// record with asking, faster than somebody notices.
const BY_CODE: Rate = Rate { burst: 16.0, per_second: 0.5 };
/// How many join from one address: a restaurant's guests may all come from one.
const BY_ADDRESS: Rate = Rate { burst: 400.0, per_second: 20.0 };
/// How often a party's number is tried, whoever tries: of 10,000.
const NUMBER_BY_PARTY: Rate = Rate { burst: 12.0, per_second: 1.0 / 30.0 };
/// The same by address.
const NUMBER_BY_ADDRESS: Rate = Rate { burst: 8.0, per_second: 1.0 / 15.0 };
/// How many of each are remembered. What is full lets no more in.
const MAX_REMEMBERED: usize = 20_000;

/// How often one may join.
#[derive(Debug)]
pub struct JoinLimits {
    by_code: Buckets<(VenueId, TableId)>,
    by_address: Buckets<Network>,
    number_by_party: Buckets<SeatingId>,
    number_by_address: Buckets<Network>,
}

impl Default for JoinLimits {
    fn default() -> Self {
        Self {
            by_code: Buckets::new(BY_CODE, MAX_REMEMBERED),
            by_address: Buckets::new(BY_ADDRESS, MAX_REMEMBERED),
            number_by_party: Buckets::new(NUMBER_BY_PARTY, MAX_REMEMBERED),
            number_by_address: Buckets::new(NUMBER_BY_ADDRESS, MAX_REMEMBERED),
        }
    }
}

impl JoinLimits {
    /// Whether somebody may join with a table's code.
    pub fn may_join(&self, venue: &VenueId, table: &TableId, network: Network) -> bool {
        self.by_address.take(network) && self.by_code.take((venue.clone(), table.clone()))
    }

    /// Whether a party's number may be tried. The try is taken before it is judged.
    pub fn may_try_number(&self, seating: SeatingId, network: Network) -> bool {
        self.number_by_address.take(network) && self.number_by_party.take(seating)
    }

    /// It was the right one, which costs nobody a try.
    pub fn number_was_right(&self, seating: SeatingId, network: Network) {
        self.number_by_address.give_back(&network);
        self.number_by_party.give_back(&seating);
    }
}
