//! Words that every surface uses.

use domain::Rejection;

use super::texts::words;
use crate::address::Page;

words! {
    /// Words that every surface uses.
    pub struct Shared {
        /// The names of the EU's fourteen allergens, in [`domain::menu::Allergen::ALL`]'s order, and what is said of one that this
        /// release does not know.
        pub allergens: [&'static str; 15],
        /// Suits vegetarians.
        pub vegetarian: &'static str,
        /// Suits vegans.
        pub vegan: &'static str,
        /// Goes back.
        pub close: &'static str,
        /// Goes back without doing it.
        pub cancel: &'static str,
        /// The language switch.
        pub language: &'static str,
        /// The connection is lost.
        pub offline: &'static str,
        /// The connection is being made.
        pub connecting: &'static str,
        /// Not on the menu now.
        pub sold_out: &'static str,
        /// Nobody gave a name.
        pub guest: &'static str,
        /// The kitchen's page.
        pub kitchen: &'static str,
        /// The waiters' page.
        pub floor: &'static str,
        /// The sign-in page.
        pub sign_in: &'static str,
        /// A minute, abbreviated.
        pub minutes: &'static str,
        /// The page of an address that leads nowhere: its heading.
        pub nothing_here: &'static str,
        /// The page of an address that leads nowhere: what to do.
        pub nothing_here_hint: &'static str,
        /// The page of a table's code that is not in use any more: its heading.
        pub stale_link: &'static str,
        /// The page of a table's code that is not in use any more: what to do.
        pub stale_link_hint: &'static str,
        /// The first page: its heading.
        pub landing: &'static str,
        /// The first page: what to do.
        pub landing_hint: &'static str,
        /// The server does not answer.
        pub unreachable: &'static str,
        /// Too many tries.
        pub too_many_tries: &'static str,
        /// Loads the page again.
        pub try_again: &'static str,
        /// Somebody asks to be let in.
        pub wants_in: &'static str,
        /// Somebody asks to be let in, and says that they were here already.
        pub says_was_here: &'static str,
        /// Somebody who gave no name.
        pub somebody: &'static str,
        /// Lets somebody in.
        pub let_in: &'static str,
        /// Does not let somebody in.
        pub turn_away: &'static str,
        /// As which guest somebody is let in.
        pub who_is_it: &'static str,
        /// As none of the guests who sit here.
        pub somebody_new: &'static str,
        /// Removes a guest: the question.
        pub take_off: &'static str,
        /// Removes a guest.
        pub take_off_yes: &'static str,
        pub(super) reasons: Reasons,
    }
}

words! {
    /// Words for refusals.
    pub(super) struct Reasons {
        pub(super) not_allowed: &'static str,
        pub(super) ended: &'static str,
        pub(super) party_full: &'static str,
        pub(super) line_gone: &'static str,
        pub(super) dish_gone: &'static str,
        pub(super) sold_out: &'static str,
        pub(super) option_gone: &'static str,
        pub(super) options_rules: &'static str,
        pub(super) quantity: &'static str,
        pub(super) cart_full: &'static str,
        pub(super) nothing_to_send: &'static str,
        pub(super) already_sent: &'static str,
        pub(super) ticket_gone: &'static str,
        pub(super) table_taken: &'static str,
        pub(super) table_free: &'static str,
        pub(super) not_served: &'static str,
        pub(super) staff_opens: &'static str,
        pub(super) signed_out: &'static str,
        pub(super) price_changed: &'static str,
        pub(super) last_manager: &'static str,
        pub(super) table_gone: &'static str,
        pub(super) too_fast: &'static str,
        pub(super) unavailable: &'static str,
        pub(super) ask_gone: &'static str,
        pub(super) round_waits: &'static str,
        pub(super) member_gone: &'static str,
        pub(super) device_gone: &'static str,
        pub(super) other: &'static str,
    }
}

impl Shared {
    /// Why something was refused, and what to do.
    pub fn reason(&self, reason: Rejection) -> &'static str {
        let r = &self.reasons;
        match reason {
            Rejection::NotAllowed => r.not_allowed,
            Rejection::NotSeated | Rejection::NoSuchGuest => r.ended,
            Rejection::PartyFull => r.party_full,
            Rejection::NoSuchLine => r.line_gone,
            Rejection::NoSuchDish => r.dish_gone,
            Rejection::SoldOut => r.sold_out,
            Rejection::NoSuchOption | Rejection::OptionSoldOut => r.option_gone,
            Rejection::OptionsBreakRules => r.options_rules,
            Rejection::QuantityOutOfRange => r.quantity,
            Rejection::CartFull | Rejection::RecordFull => r.cart_full,
            Rejection::NothingToSend => r.nothing_to_send,
            Rejection::AlreadySent => r.already_sent,
            Rejection::NoSuchRound | Rejection::NoSuchTicket => r.ticket_gone,
            Rejection::TableTaken => r.table_taken,
            Rejection::TableFree => r.table_free,
            Rejection::NoSuchTable => r.table_gone,
            Rejection::NotServedYet => r.not_served,
            Rejection::StaffOpensTables => r.staff_opens,
            Rejection::SignedOut => r.signed_out,
            Rejection::PriceChanged => r.price_changed,
            Rejection::LastManager => r.last_manager,
            Rejection::NoSuchAsk => r.ask_gone,
            Rejection::RoundWaits => r.round_waits,
            Rejection::NoSuchMember => r.member_gone,
            Rejection::NoSuchDevice => r.device_gone,
            Rejection::TooFast => r.too_fast,
            Rejection::Unavailable => r.unavailable,
            Rejection::Damaged
            | Rejection::Unchanged
            | Rejection::IdTaken
            | Rejection::NotPublishable
            | Rejection::Malformed
            | Rejection::Unknown => r.other,
        }
    }

    /// The document's title.
    pub fn page_title(&self, page: Option<&Page>) -> String {
        match page {
            Some(Page::Kitchen { .. }) => format!("{} · Comanda", self.kitchen),
            Some(Page::Floor { .. }) => format!("{} · Comanda", self.floor),
            Some(Page::Staff { .. } | Page::SignIn { .. }) => format!("{} · Comanda", self.sign_in),
            Some(Page::Landing | Page::Guest { .. }) | None => "Comanda".to_owned(),
        }
    }
}
