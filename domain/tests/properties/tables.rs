//! What every table keeps to, whoever does whatever there.

use domain::menu::MenuEvent;
use domain::seating::{Seating, SeatingEvent};
use domain::{Fold, Recorded};
use proptest::prelude::*;

use super::evening::{Evening, rules, taps};
use crate::common::house;
use crate::invariants::invariants;

fn replayed<'a>(events: impl IntoIterator<Item = &'a Recorded<SeatingEvent>>) -> Seating {
    let mut state = Seating::default();
    for event in events {
        state.evolve(event);
    }
    state
}

proptest! {
    #[test]
    fn whatever_was_accepted_leaves_a_sound_table(rules in rules(), taps in taps()) {
        let mut evening = Evening::begins(rules);
        for tap in &taps {
            let before = evening.seating.clone();
            let outcome = evening.tap(tap);
            let held = invariants(&evening.seating);
            prop_assert!(held.is_ok(), "{held:?} after {tap:?}");
            if outcome.is_err() {
                prop_assert_eq!(before, evening.seating.clone(), "what is refused changes nothing");
            }
        }
    }

    #[test]
    fn a_replay_of_the_record_makes_the_same_table_also_from_its_text(rules in rules(), taps in taps()) {
        let mut evening = Evening::begins(rules);
        let accepted = taps.iter().filter(|tap| evening.tap(tap).is_ok()).count();
        prop_assert!(accepted > 0 || evening.recorded.is_empty());
        prop_assert_eq!(&replayed(&evening.recorded), &evening.seating);
        let versions: Vec<u64> = evening.recorded.iter().map(|event| event.version).collect();
        prop_assert_eq!(versions, (1..=evening.seating.version()).collect::<Vec<_>>());
        let text = serde_json::to_string(&evening.recorded).expect("events can be written");
        let read: Vec<Recorded<SeatingEvent>> = serde_json::from_str(&text).expect("events can be read");
        prop_assert_eq!(&replayed(&read), &evening.seating);
    }

    #[test]
    fn a_snapshot_is_the_table_and_goes_on_like_it(rules in rules(), taps in taps(), cut in any::<prop::sample::Index>()) {
        let mut evening = Evening::begins(rules);
        let _refusals = taps.iter().filter(|tap| evening.tap(tap).is_err()).count();
        let cut = cut.index(evening.recorded.len() + 1);
        let early = replayed(&evening.recorded[..cut]);
        let text = serde_json::to_string(&early).expect("a state can be written");
        let mut snapshot: Seating = serde_json::from_str(&text).expect("a state can be read");
        prop_assert_eq!(&snapshot, &early);
        for event in &evening.recorded[cut..] {
            snapshot.evolve(event);
        }
        prop_assert_eq!(&snapshot, &evening.seating);
        let menu = serde_json::to_string(&evening.menu).expect("a menu can be written");
        prop_assert_eq!(serde_json::from_str::<domain::menu::Menu>(&menu).expect("a menu can be read"), evening.menu);
    }

    #[test]
    fn no_record_however_odd_breaks_the_fold(rules in rules(), taps in taps(), order in any::<u64>()) {
        let mut evening = Evening::begins(rules);
        let _refusals = taps.iter().filter(|tap| evening.tap(tap).is_err()).count();
        let mut odd = evening.recorded;
        // Some order that the rules never allow; the fold has to survive it, not to make sense of it.
        odd.sort_by_key(|event| (event.version.wrapping_mul(order | 1)).rotate_left(17));
        prop_assert_eq!(replayed(&odd), replayed(&odd));
    }

    #[test]
    fn what_a_line_costs_is_the_catalog_s_at_the_moment_of_the_tap(cents in 0_i64..1_000_000, quantity in 1_u16..100) {
        let catalog = Box::new(house::catalog_with_price("beer", cents));
        let menu: domain::menu::Menu = house::folded([MenuEvent::Published { catalog }]);
        let priced = menu.price(&house::id("beer"), &[]).expect("there is beer");
        prop_assert_eq!(priced.unit_price.0, cents);
        prop_assert_eq!((priced.unit_price * quantity).0, cents * i64::from(quantity));
    }
}
