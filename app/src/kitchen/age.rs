//! How old a ticket is, and when that is too old.

use domain::Time;
use domain::floor::HouseRules;

/// How urgent a ticket's age is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// In time.
    #[default]
    Fresh,
    /// To be watched.
    Watch,
    /// Late.
    Late,
}

/// A ticket's age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Age {
    /// In whole minutes.
    pub minutes: u64,
    /// How urgent that is in this house.
    pub urgency: Urgency,
}

impl Age {
    /// The age at `now` of what was sent at `at`.
    pub fn of(at: Time, now: Time, rules: &HouseRules) -> Self {
        let minutes = now.ms_since(at) / 60_000;
        let urgency = if minutes >= u64::from(rules.late_after_min) {
            Urgency::Late
        } else if minutes >= u64::from(rules.watch_after_min) {
            Urgency::Watch
        } else {
            Urgency::Fresh
        };
        Self { minutes, urgency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_says_when_a_ticket_is_late() {
        let rules = HouseRules { watch_after_min: 5, late_after_min: 8, ..HouseRules::default() };
        let at = |minutes: u64, seconds: u64| Age::of(Time(0), Time((minutes * 60 + seconds) * 1_000), &rules);
        assert_eq!(at(4, 59), Age { minutes: 4, urgency: Urgency::Fresh });
        assert_eq!(at(5, 0), Age { minutes: 5, urgency: Urgency::Watch });
        assert_eq!(at(8, 0), Age { minutes: 8, urgency: Urgency::Late });
        assert_eq!(Age::of(Time(9), Time(0), &rules).minutes, 0, "clocks may disagree");
    }
}
