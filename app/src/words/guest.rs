//! Words of the guests' page. `{0}` and `{1}` stand for what [`fill`](super::fill) puts there.

use domain::seating::ItemState;

use super::template::{Counted, Template};
use super::texts::words;

words! {
    /// Words of the guests' page.
    #[expect(missing_docs, reason = "each says what it is; a translator reads them beside each other")]
    pub struct GuestWords {
        pub table: Template,
        pub skip_to_menu: &'static str,
        pub at_this_table: &'static str,
        pub you: &'static str,
        pub you_named: Template,
        pub guest_numbered: Template,
        pub everybody: &'static str,

        pub rename_title: &'static str,
        pub your_name: &'static str,
        pub save: &'static str,
        pub change_name: &'static str,

        pub join_table: Template,
        pub join_first: &'static str,
        pub join_party: Counted,
        pub join_asking: Counted,
        pub join_by_consent: Counted,
        pub join_by_staff: &'static str,
        pub number: &'static str,
        pub number_if_known: &'static str,
        pub was_here: &'static str,
        pub ask_to_join: &'static str,
        pub asked: &'static str,
        pub asked_hint: &'static str,
        pub look_again: &'static str,
        pub turned_away: &'static str,
        pub wrong_number: &'static str,
        pub name_optional: &'static str,
        pub join: &'static str,
        pub joining: &'static str,
        pub join_and_add: &'static str,
        pub join_to_add: Template,
        pub bad_name: &'static str,
        pub long_name: &'static str,
        pub cant_join_now: &'static str,
        pub visit_ended: &'static str,
        pub visit_ended_hint: &'static str,
        pub start_new_visit: &'static str,
        pub taken_off: &'static str,
        pub taken_off_hint: &'static str,
        pub join_number: Template,
        pub take_off_hint: &'static str,

        pub categories: &'static str,
        pub search: &'static str,
        pub filters: &'static str,
        pub without: &'static str,
        pub clear_filters: &'static str,
        pub found: Counted,
        pub nothing_found: &'static str,
        pub nothing_found_hint: &'static str,
        pub contains: Template,
        pub no_allergens: &'static str,
        pub allergens_footnote: &'static str,
        pub from: Template,
        pub add_dish: Template,
        pub choose_dish: Template,
        pub in_order: Counted,

        pub choose_one: &'static str,
        pub choose_if_wanted: &'static str,
        pub choose_exactly: Template,
        pub choose_up_to: Template,
        pub choose_between: Template,
        pub nothing_extra: &'static str,
        pub note: &'static str,
        pub note_hint: &'static str,
        pub quantity: &'static str,
        pub one_more: Template,
        pub one_fewer: Template,
        pub add_for: Template,
        pub save_for: Template,
        pub still_to_choose: Template,
        pub dish_gone: &'static str,
        pub bad_note: &'static str,

        pub your_order: &'static str,
        pub not_sent_yet: &'static str,
        pub view_order: &'static str,
        pub items: Counted,
        pub empty_order: &'static str,
        pub empty_order_hint: &'static str,
        pub sending: &'static str,
        pub waits_for_connection: &'static str,
        pub changes_wait: Counted,
        pub line_sold_out: &'static str,
        pub edit: Template,
        pub remove: Template,
        pub each: Template,

        pub i_am_ready: &'static str,
        pub ready: &'static str,
        pub choosing: &'static str,
        pub one_still_chooses: Template,
        pub some_still_choose: Template,
        pub and: &'static str,
        pub all_ready: &'static str,
        pub others_ready: &'static str,
        pub send: &'static str,
        pub send_question: Counted,
        pub send_now: &'static str,
        pub not_yet: &'static str,
        pub remove_sold_out_first: &'static str,

        pub sent: &'static str,
        pub waits: &'static str,
        pub waits_hint: &'static str,
        pub declined: &'static str,
        pub declined_because: Template,
        pub round: Template,
        pub just_now: &'static str,
        pub minutes_ago: Template,
        pub for_minutes: Template,
        pub table_total: &'static str,
        pub your_share: &'static str,
        pub not_sent_total: &'static str,
        pub states: States,

        pub joined: Template,
        pub left: Template,
        pub added: Template,
        pub changed: Template,
        pub removed: Template,
        pub was_sent: Template,
        pub is_now: Template,
        pub sold_out_now: Template,

        pub unreachable_hint: &'static str,
    }
}

words! {
    /// How far an item is.
    pub struct States {
        pub(super) received: &'static str,
        pub(super) cooking: &'static str,
        pub(super) ready: &'static str,
        pub(super) served: &'static str,
    }
}

impl States {
    /// The word for a state.
    pub const fn of(&self, state: ItemState) -> &'static str {
        match state {
            ItemState::Received | ItemState::Unknown => self.received,
            ItemState::Cooking => self.cooking,
            ItemState::Ready => self.ready,
            ItemState::Served => self.served,
        }
    }
}
