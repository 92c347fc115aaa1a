//! How often one may join: by the code that is scanned, by address, and by the number on the others' phones.

use domain::{SeatingId, TableId, VenueId};

use super::{Buckets, Network, Rate, Tokens};

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
    /// What it takes to join with a table's code; none: too many have lately. Put it back where the rules refuse, and nothing
    /// was recorded. Who has the party's number as well does not wait behind who hasn't.
    pub fn may_join(&self, venue: &VenueId, table: &TableId, network: Network, way: Way) -> Option<Tokens<'_>> {
        let at = (venue.clone(), table.clone());
        let from_here = (venue.clone(), table.clone(), network);
        let tokens = Tokens::none().and(&self.by_code_and_address, from_here.clone())?.and(&self.by_address, network)?;
        match way {
            Way::WithNumber => Some(tokens),
            Way::WithCode => tokens.and(&self.by_code, at),
            Way::Asking => tokens.and(&self.asks, from_here)?.and(&self.by_code, at),
        }
    }

    /// What it takes to try a party's number; none: too many have lately. It is taken before the number is looked at: put it
    /// back where that was the right one.
    pub fn may_try_number(&self, seating: SeatingId, network: Network) -> Option<Tokens<'_>> {
        Tokens::none().and(&self.number_by_address, network)?.and(&self.number_by_party, seating)
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
        let joins = |from, way| limits.may_join(&venue, &table, network(from), way).is_some();
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
            limits.may_join(&venue, &table, network(1), Way::Asking).expect("there is room").put_back();
        }
    }

    #[test]
    fn who_is_refused_at_one_table_takes_nothing_from_others_at_the_same_address() {
        let limits = JoinLimits::default();
        let (venue, t1, t2) = ("tasca".parse().unwrap(), "t1".parse().unwrap(), "t2".parse().unwrap());
        for _ in 0..2_000 {
            let _ = limits.may_join(&venue, &t1, network(1), Way::WithCode);
        }
        assert!(limits.may_join(&venue, &t2, network(1), Way::WithCode).is_some());
        // The same of numbers: a party that was guessed at enough costs no other its tries.
        let party = |n| SeatingId::numbered(n);
        for from in 2..20 {
            for _ in 0..20 {
                let _ = limits.may_try_number(party(1), network(from));
            }
        }
        for _ in 0..100 {
            let _ = limits.may_try_number(party(1), network(1));
        }
        assert!(limits.may_try_number(party(2), network(1)).is_some());
    }
}
