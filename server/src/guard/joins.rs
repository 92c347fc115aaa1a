//! How often one may join: by the code that is scanned, by address, and by the number on the others' phones.

use domain::{SeatingId, TableId, VenueId};

use super::{Buckets, Network, Rate};

/// How many join one table from one address: a party that comes at once, and then one every third second. So nobody fills a
/// table, or its record with asking, faster than somebody notices.
const BY_CODE_AND_ADDRESS: Rate = Rate { burst: 16.0, per_second: 1.0 / 3.0 };
/// The same from everywhere: more, so that somebody elsewhere who kept the code does not use up what those at the table have.
const BY_CODE: Rate = Rate { burst: 32.0, per_second: 1.0 };
/// How many ask to be let in at one table from one address: of twelve who can be waited for, a quarter of an hour each, some
/// places are always left for others.
const ASKS: Rate = Rate { burst: 8.0, per_second: 1.0 / 120.0 };
/// How many join from one address: a restaurant's guests may all come from one.
const BY_ADDRESS: Rate = Rate { burst: 400.0, per_second: 20.0 };
/// How often a party's number is tried, whoever tries: of 10,000.
const NUMBER_BY_PARTY: Rate = Rate { burst: 12.0, per_second: 1.0 / 30.0 };
/// The same by address.
const NUMBER_BY_ADDRESS: Rate = Rate { burst: 8.0, per_second: 1.0 / 15.0 };
/// How many of each are remembered. What is full lets no more in.
const MAX_REMEMBERED: usize = 20_000;

/// How somebody comes to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// With its code.
    WithCode,
    /// With its code and the party's number.
    WithNumber,
    /// With its code, and to be let in by somebody.
    Asking,
}

/// How often one may join.
#[derive(Debug)]
pub struct JoinLimits {
    by_code_and_address: Buckets<(VenueId, TableId, Network)>,
    by_code: Buckets<(VenueId, TableId)>,
    asks: Buckets<(VenueId, TableId, Network)>,
    by_address: Buckets<Network>,
    number_by_party: Buckets<SeatingId>,
    number_by_address: Buckets<Network>,
}

impl Default for JoinLimits {
    fn default() -> Self {
        Self {
            by_code_and_address: Buckets::new(BY_CODE_AND_ADDRESS, MAX_REMEMBERED),
            by_code: Buckets::new(BY_CODE, MAX_REMEMBERED),
            asks: Buckets::new(ASKS, MAX_REMEMBERED),
            by_address: Buckets::new(BY_ADDRESS, MAX_REMEMBERED),
            number_by_party: Buckets::new(NUMBER_BY_PARTY, MAX_REMEMBERED),
            number_by_address: Buckets::new(NUMBER_BY_ADDRESS, MAX_REMEMBERED),
        }
    }
}

impl JoinLimits {
    /// Whether somebody may join with a table's code. Who has the party's number as well does not wait behind who hasn't.
    pub fn may_join(&self, venue: &VenueId, table: &TableId, network: Network, way: Way) -> bool {
        let from_here = (venue.clone(), table.clone(), network);
        if !self.by_address.take(network) || !self.by_code_and_address.take(from_here.clone()) {
            return false;
        }
        match way {
            Way::WithNumber => true,
            Way::WithCode => self.by_code.take((venue.clone(), table.clone())),
            Way::Asking => self.asks.take(from_here) && self.by_code.take((venue.clone(), table.clone())),
        }
    }

    /// Nothing came of it: the rules refused, and nothing was recorded.
    pub fn did_not_join(&self, venue: &VenueId, table: &TableId, network: Network, way: Way) {
        let from_here = (venue.clone(), table.clone(), network);
        self.by_code_and_address.give_back(&from_here);
        match way {
            Way::WithNumber => {}
            Way::WithCode => self.by_code.give_back(&(venue.clone(), table.clone())),
            Way::Asking => {
                self.asks.give_back(&from_here);
                self.by_code.give_back(&(venue.clone(), table.clone()));
            }
        }
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn network(n: u8) -> Network {
        IpAddr::from([203, 0, 113, n]).into()
    }

    #[test]
    fn somebody_elsewhere_who_kept_a_code_keeps_nobody_from_their_table() {
        let limits = JoinLimits::default();
        let (venue, table) = ("tasca".parse().unwrap(), "t1".parse().unwrap());
        let joins = |from, way| limits.may_join(&venue, &table, network(from), way);
        assert!((0..1_000).filter(|_| joins(1, Way::WithCode)).count() <= 17);
        assert!(joins(2, Way::WithCode) && joins(2, Way::WithNumber) && joins(2, Way::Asking));
        assert!((0..1_000).filter(|_| joins(3, Way::Asking)).count() <= 8);
        assert!(joins(2, Way::Asking), "of those who ask from there, too, only so many are waited for");
        // Even where every place of the code is taken, who has the number comes in.
        for from in 4..20 {
            while joins(from, Way::WithCode) {}
        }
        assert!(!joins(2, Way::WithCode) && joins(2, Way::WithNumber));
    }

    #[test]
    fn what_was_refused_costs_nobody_a_place() {
        let limits = JoinLimits::default();
        let (venue, table) = ("tasca".parse().unwrap(), "t1".parse().unwrap());
        for _ in 0..300 {
            assert!(limits.may_join(&venue, &table, network(1), Way::Asking));
            limits.did_not_join(&venue, &table, network(1), Way::Asking);
        }
    }
}
