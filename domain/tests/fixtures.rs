//! The recorded format, pinned: FIXTURES ARE NEVER EDITED, ONLY ADDED TO. What stands in one stands in
//! somebody's log, or is sent by a phone that loaded its page last week.
//!
//! `KIND.NAME.json`, or `KIND.NAME.CASE.json` for another case of the same. Each must parse, and must
//! be written again as the very same JSON. Every variant of every event and command has one (a new
//! variant does not compile here until it is listed, and does not pass until its fixture is there),
//! and no fixture is left over.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use domain::access::{Access, AccessEvent};
use domain::floor::{Floor, FloorCommand, FloorEvent};
use domain::menu::{Menu, MenuCommand, MenuEvent};
use domain::seating::{
    CartCommand, CartEvent, GuestsCommand, GuestsEvent, KitchenCommand, KitchenEvent, MarkEvent, RoundsCommand, RoundsEvent,
    Seating, SeatingCommand, SeatingEvent, StayEvent,
};
use domain::visit::VisitCommand;
use domain::wire::{Answer, Ask, Events, Hello, Identity, Sync, Synced, Welcome};
use domain::{Recorded, Rejection};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Every fixture by its name without `.json`; taken out as it is checked, so that none is left over.
struct Fixtures(BTreeMap<String, Value>);

impl Fixtures {
    fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let fixture = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().expect("fixtures have plain names");
            let text = fs::read_to_string(entry.path()).expect("a fixture can be read");
            let value = serde_json::from_str(&text).unwrap_or_else(|bad| panic!("{name} is no JSON: {bad}"));
            (name.strip_suffix(".json").expect("fixtures are named .json").to_owned(), value)
        };
        Self(
            fs::read_dir(folder).expect("the fixtures are here").map(|entry| fixture(entry.expect("it can be listed"))).collect(),
        )
    }

    /// Takes out every case of this, checks that each reads and writes back the same, and gives them.
    fn take<T: Serialize + DeserializeOwned>(&mut self, kind: &str, name: &str) -> Vec<T> {
        let exact = format!("{kind}.{name}");
        let another_case = format!("{exact}.");
        let names: Vec<String> = self.0.keys().filter(|key| **key == exact || key.starts_with(&another_case)).cloned().collect();
        assert!(!names.is_empty(), "add tests/fixtures/{exact}.json");
        names
            .iter()
            .map(|name| {
                let value = self.0.remove(name).expect("its name was listed");
                let parsed: T = serde_json::from_str(&value.to_string())
                    .unwrap_or_else(|bad| panic!("{name} can't be read any more, but logs hold it: {bad}"));
                let written = serde_json::to_value(&parsed).expect("it can be written");
                assert_eq!(written, value, "{name} is not written as it was");
                parsed
            })
            .collect()
    }
}

/// Lists every variant with its fixture's name: a check that each has one, and that it holds that variant.
macro_rules! each_variant {
    ($fixtures:ident, $kind:literal, $read:ty, $variant_of:expr, { $($name:literal: $pattern:pat),* $(,)? }) => {
        let name_of = |read: &$read| {
            let variant_of: fn(&$read) -> &_ = $variant_of;
            match variant_of(read) { $($pattern => $name),* }
        };
        for name in [$($name),*] {
            for read in $fixtures.take::<$read>($kind, name) {
                assert_eq!(name_of(&read), name, "the fixture is of another variant");
            }
        }
    };
}

#[test]
fn what_was_written_can_still_be_read_and_is_still_written_so() {
    let mut fixtures = Fixtures::read();
    seatings(&mut fixtures);
    other_streams(&mut fixtures);
    commands(&mut fixtures);
    messages(&mut fixtures);
    assert_eq!(fixtures.0.into_keys().collect::<Vec<_>>(), Vec::<String>::new(), "fixtures that nothing reads");
}

fn seatings(fixtures: &mut Fixtures) {
    fixtures.take::<Seating>("seating", "state");
    each_variant!(fixtures, "seating", Recorded<SeatingEvent>, |recorded| &recorded.event, {
        "opened": SeatingEvent::Stay(StayEvent::Opened { .. }),
        "guest_joined": SeatingEvent::Guests(GuestsEvent::GuestJoined { .. }),
        "join_asked": SeatingEvent::Guests(GuestsEvent::JoinAsked { .. }),
        "turned_away": SeatingEvent::Guests(GuestsEvent::TurnedAway { .. }),
        "guest_returned": SeatingEvent::Guests(GuestsEvent::GuestReturned { .. }),
        "guest_removed": SeatingEvent::Guests(GuestsEvent::GuestRemoved { .. }),
        "guest_renamed": SeatingEvent::Guests(GuestsEvent::GuestRenamed { .. }),
        "line_added": SeatingEvent::Cart(CartEvent::LineAdded { .. }),
        "quantity_changed": SeatingEvent::Cart(CartEvent::QuantityChanged { .. }),
        "line_edited": SeatingEvent::Cart(CartEvent::LineEdited { .. }),
        "line_removed": SeatingEvent::Cart(CartEvent::LineRemoved { .. }),
        "ready_changed": SeatingEvent::Rounds(RoundsEvent::ReadyChanged { .. }),
        "round_sent": SeatingEvent::Rounds(RoundsEvent::RoundSent { .. }),
        "round_waits": SeatingEvent::Rounds(RoundsEvent::RoundWaits { .. }),
        "round_accepted": SeatingEvent::Rounds(RoundsEvent::RoundAccepted { .. }),
        "round_declined": SeatingEvent::Rounds(RoundsEvent::RoundDeclined { .. }),
        "items_started": SeatingEvent::Kitchen(KitchenEvent::ItemsStarted { .. }),
        "items_ready": SeatingEvent::Kitchen(KitchenEvent::ItemsReady { .. }),
        "items_recalled": SeatingEvent::Kitchen(KitchenEvent::ItemsRecalled { .. }),
        "items_served": SeatingEvent::Kitchen(KitchenEvent::ItemsServed { .. }),
        "closed": SeatingEvent::Stay(StayEvent::Closed { .. }),
        "refused": SeatingEvent::Mark(MarkEvent::Refused { .. }),
        "unknown": SeatingEvent::Mark(MarkEvent::Unknown),
    });
}

fn other_streams(fixtures: &mut Fixtures) {
    fixtures.take::<Floor>("floor", "state");
    each_variant!(fixtures, "floor", Recorded<FloorEvent>, |recorded| &recorded.event, {
        "tables_laid": FloorEvent::TablesLaid { .. },
        "house_rules_set": FloorEvent::HouseRulesSet { .. },
        "table_opened": FloorEvent::TableOpened { .. },
        "table_freed": FloorEvent::TableFreed { .. },
        "refused": FloorEvent::Refused { .. },
        "unknown": FloorEvent::Unknown,
    });
    fixtures.take::<Menu>("menu", "state");
    each_variant!(fixtures, "menu", Recorded<MenuEvent>, |recorded| &recorded.event, {
        "published": MenuEvent::Published { .. },
        "dish_sold_out": MenuEvent::DishSoldOut { .. },
        "dish_back": MenuEvent::DishBack { .. },
        "option_sold_out": MenuEvent::OptionSoldOut { .. },
        "option_back": MenuEvent::OptionBack { .. },
        "refused": MenuEvent::Refused { .. },
        "unknown": MenuEvent::Unknown,
    });
    fixtures.take::<Access>("access", "state");
    each_variant!(fixtures, "access", Recorded<AccessEvent>, |recorded| &recorded.event, {
        "staff_set": AccessEvent::StaffSet { .. },
        "staff_changed": AccessEvent::StaffChanged { .. },
        "password_set": AccessEvent::PasswordSet { .. },
        "pin_set": AccessEvent::PinSet { .. },
        "staff_left": AccessEvent::StaffLeft { .. },
        "staff_signed_out": AccessEvent::StaffSignedOut { .. },
        "device_signed_in": AccessEvent::DeviceSignedIn { .. },
        "device_named": AccessEvent::DeviceNamed { .. },
        "device_signed_out": AccessEvent::DeviceSignedOut { .. },
        "device_removed": AccessEvent::DeviceRemoved { .. },
        "everybody_signed_out": AccessEvent::EverybodySignedOut { .. },
        "token_set": AccessEvent::TokenSet { .. },
        "refused": AccessEvent::Refused { .. },
        "token_removed": AccessEvent::TokenRemoved { .. },
        "unknown": AccessEvent::Unknown,
    });
}

fn commands(fixtures: &mut Fixtures) {
    each_variant!(fixtures, "seating-command", SeatingCommand, |command| command, {
        "rename": SeatingCommand::Guests(GuestsCommand::Rename { .. }),
        "let_in": SeatingCommand::Guests(GuestsCommand::LetIn { .. }),
        "turn_away": SeatingCommand::Guests(GuestsCommand::TurnAway { .. }),
        "remove_guest": SeatingCommand::Guests(GuestsCommand::RemoveGuest { .. }),
        "add_line": SeatingCommand::Cart(CartCommand::AddLine(..)),
        "change_quantity": SeatingCommand::Cart(CartCommand::ChangeQuantity { .. }),
        "edit_line": SeatingCommand::Cart(CartCommand::EditLine(..)),
        "remove_line": SeatingCommand::Cart(CartCommand::RemoveLine { .. }),
        "set_ready": SeatingCommand::Rounds(RoundsCommand::SetReady { .. }),
        "send_round": SeatingCommand::Rounds(RoundsCommand::SendRound { .. }),
        "accept_round": SeatingCommand::Rounds(RoundsCommand::AcceptRound { .. }),
        "decline_round": SeatingCommand::Rounds(RoundsCommand::DeclineRound { .. }),
        "start": SeatingCommand::Kitchen(KitchenCommand::Start { .. }),
        "bump": SeatingCommand::Kitchen(KitchenCommand::Bump(..)),
        "recall": SeatingCommand::Kitchen(KitchenCommand::Recall(..)),
        "serve": SeatingCommand::Kitchen(KitchenCommand::Serve { .. }),
    });
    each_variant!(fixtures, "floor-command", FloorCommand, |command| command, {
        "lay_tables": FloorCommand::LayTables { .. },
        "set_house_rules": FloorCommand::SetHouseRules { .. },
    });
    each_variant!(fixtures, "menu-command", MenuCommand, |command| command, {
        "publish": MenuCommand::Publish { .. },
        "set_dish_sold_out": MenuCommand::SetDishSoldOut { .. },
        "set_option_sold_out": MenuCommand::SetOptionSoldOut { .. },
    });
    each_variant!(fixtures, "visit-command", VisitCommand, |command| command, {
        "open_table": VisitCommand::OpenTable { .. },
        "close_table": VisitCommand::CloseTable { .. },
    });
}

fn messages(fixtures: &mut Fixtures) {
    fixtures.take::<Hello>("wire", "hello");
    fixtures.take::<Welcome>("wire", "welcome");
    fixtures.take::<Sync>("wire", "sync");
    fixtures.take::<Synced>("wire", "synced");
    fixtures.take::<Events>("wire", "events");
    fixtures.take::<Ask>("wire", "ask");
    each_variant!(fixtures, "wire", Answer, |answer| answer, {
        "accepted": Answer::Accepted { .. },
        "refused": Answer::Refused { .. },
    });
    each_variant!(fixtures, "wire", Identity, |identity| identity, {
        "guest": Identity::Guest { .. },
        "staff": Identity::Staff { .. },
    });
    let mut reasons = fixtures.take::<Vec<Rejection>>("wire", "rejections").concat();
    reasons.sort_unstable();
    reasons.dedup();
    assert_eq!(reasons.last(), Some(&Rejection::Unavailable), "what is of a later release is none of ours");
    assert_eq!(reasons.len(), Rejection::Unavailable as usize + 1, "a reason that is added has a fixture of its own");
}
