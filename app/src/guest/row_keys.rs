//! Ids as the keys of lists, and back: what [`crate::parts::each`] tells rows by.

use domain::{GuestNo, LineId, RoundNo};
use uuid::Uuid;

/// A guest, or the table.
pub(crate) fn of_owner(owner: Option<GuestNo>) -> u128 {
    owner.map_or(0, |guest| u128::from(guest.0))
}

/// The guest of a key; the table's is none.
pub(crate) fn owner(key: u128) -> Option<GuestNo> {
    u16::try_from(key).ok().filter(|number| *number > 0).map(GuestNo)
}

/// A line.
pub(crate) const fn of_line(line: LineId) -> u128 {
    line.uuid().as_u128()
}

/// The line of a key.
pub(crate) const fn line(key: u128) -> LineId {
    LineId::new(Uuid::from_u128(key))
}

/// A round.
pub(crate) fn of_round(round: RoundNo) -> u128 {
    u128::from(round.0)
}

/// The round of a key.
pub(crate) fn round(key: u128) -> RoundNo {
    RoundNo(u16::try_from(key).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_from_its_key() {
        for id in [None, Some(GuestNo(1)), Some(GuestNo(u16::MAX))] {
            assert_eq!(owner(of_owner(id)), id);
        }
        assert_eq!(line(of_line(LineId::numbered(7))), LineId::numbered(7));
        assert_eq!(round(of_round(RoundNo(3))), RoundNo(3));
    }
}
