//! What every piece of the guest's page may ask: the menu, the seat, and what is open.

use std::sync::Arc;
use std::time::Duration;

use domain::menu::{Dish, Menu};
use domain::seating::{CartCommand, Seating, Takes};
use domain::{Amount, Currency, DishId, GuestNo, MutationId, TableToken, VenueId, Version};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::web_sys::UrlSearchParams;
use uuid::Uuid;

use super::draft::Draft;
use super::wishes::Wishes;
use crate::api::guests::{GuestData, Join, Joined, LoadGuest, LookIn, Place};
use crate::api::{Packed, PageError};
use crate::live::{GuestTable, Link, form, post};
use crate::parts::memo;
use crate::words::{Speech, speech};

/// How often who asks to be let in looks whether they were.
const LOOK_EVERY: Duration = Duration::from_millis(1_500);

/// What every piece of the page may ask. Copied freely: it is handles. Ask for it with [`at_table`].
#[derive(Clone, Copy)]
pub(crate) struct AtTable {
    /// In which language the page speaks: event handlers have no context to ask.
    pub(crate) speech: Speech,
    /// The link's code.
    pub(crate) token: TableToken,
    /// Whether the table was free when the page was made.
    pub(crate) is_free: bool,
    /// How many were here when the page was made, for who has not joined.
    pub(crate) party: u16,
    /// What it took to join them then.
    takes: Takes,
    /// What is looked for on the menu.
    pub(crate) wishes: RwSignal<Wishes>,
    /// The dish that is being put together, while its sheet is open.
    pub(crate) draft: RwSignal<Option<Draft>>,
    /// Whether the order is open.
    pub(crate) order_open: RwSignal<bool>,
    /// The guest whose sheet is open: one's own name, or somebody to be taken off the table.
    pub(crate) person_open: RwSignal<Option<GuestNo>>,
    /// What somebody wants who has to join first.
    pub(crate) wanted: RwSignal<Option<Wanted>>,
    /// As what one joins from this page: another, once it was answered.
    pub(crate) joins_as: RwSignal<MutationId>,
    /// How joining goes.
    pub(crate) joining: RwSignal<Joining>,
    /// At which version the catalog was published.
    pub(crate) published: Memo<Version>,
    venue: StoredValue<VenueId>,
    label: StoredValue<String>,
    /// The menu as the page was made with it: what is shown to who has not joined.
    printed: StoredValue<Arc<Menu>>,
    seat: RwSignal<Option<GuestTable>>,
    /// Whether the stay is over, or one was taken off the table.
    over: Memo<bool>,
    /// Whether one was taken off the table.
    removed: Memo<bool>,
    owner: StoredValue<Option<Owner>>,
}

/// How joining goes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Joining {
    /// Nobody has asked.
    NotAsked,
    /// It is being asked.
    Asked,
    /// Somebody has to let one in.
    Waits,
    /// Nobody did.
    TurnedAway,
    /// It could not be asked.
    Failed(PageError),
}

/// What somebody wants who has to join first.
#[derive(Clone)]
pub(crate) struct Wanted {
    command: CartCommand,
    /// What the dish is called.
    pub(crate) dish: String,
}

/// What every piece of the page may ask.
pub(crate) fn at_table() -> AtTable {
    expect_context()
}

impl AtTable {
    /// Starts from what the server rendered.
    pub(crate) fn new(data: GuestData, token: TableToken) -> Self {
        let GuestData { venue, table, menu, place, joins_as, epoch, now } = data;
        let (is_free, party, takes) = match place {
            Place::Newcomer { is_free, party, takes } => (is_free, party, takes),
            // Where nobody says yes, it has to be asked again.
            Place::Asks { party, takes } => (false, party, takes),
            Place::Seated { .. } | Place::Left => (true, 0, Takes::Nothing),
        };
        let (left, asks) = (matches!(place, Place::Left), matches!(place, Place::Asks { .. }));
        let printed = StoredValue::new(Arc::new(menu.clone()));
        let seat = RwSignal::new(GuestTable::new(venue.clone(), place, menu, epoch, now));
        let removed = memo(move || {
            seat.get().is_some_and(|table| table.view.with(|stay| !stay.stay.is_closed() && !stay.is_here(table.me)))
        });
        let over = memo(move || match seat.get() {
            Some(table) => {
                removed.get() || table.link.get() == Link::Ended || table.view.with(|seating| seating.stay.is_closed())
            }
            None => left,
        });
        let published = memo(move || match seat.get() {
            Some(table) => table.menu(|menu| menu.published_at),
            None => printed.with_value(|menu| menu.published_at),
        });
        Self {
            speech: speech(),
            token,
            is_free,
            party,
            takes,
            wishes: RwSignal::default(),
            draft: RwSignal::new(None),
            order_open: RwSignal::new(false),
            person_open: RwSignal::new(None),
            wanted: RwSignal::new(None),
            joins_as: RwSignal::new(joins_as),
            joining: RwSignal::new(if asks { Joining::Waits } else { Joining::NotAsked }),
            published,
            venue: StoredValue::new(venue),
            label: StoredValue::new(table.label),
            printed,
            seat,
            over,
            removed,
            owner: StoredValue::new(Owner::current()),
        }
    }

    /// In the browser: connects, titles the document, and sits down once the server has let one join.
    pub(crate) fn arrive(self) {
        let table = self.speech.visit().table(&self.label());
        // Once: a menu that is followed would have us arrive, and connect, whenever it changes.
        document().set_title(&untrack(|| self.menu(|menu| format!("{table} · {}", menu.catalog.title))));
        if let Some(table) = self.seat.get_untracked() {
            table.connect();
        }
        if untrack(|| self.waits()) {
            self.look_in_later();
        }
        self.owned(move || {
            Effect::new(move |was_over: Option<bool>| {
                let is_over = self.over.get();
                if is_over && was_over == Some(false) {
                    self.close_all();
                }
                is_over
            });
        });
    }

    /// The stay is over: leaves nothing open that can't be done any more, and shows the farewell.
    fn close_all(self) {
        self.draft.set(None);
        self.order_open.set(false);
        self.person_open.set(None);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Joins as the form says, and becomes seated where one is, without losing one's place in the menu.
    pub(crate) fn join(self, form: UrlSearchParams) {
        if self.joining.with_untracked(|joining| *joining == Joining::Asked) {
            return;
        }
        self.joining.set(Joining::Asked);
        self.ask_to_join(Join::url(), form);
    }

    /// Looks in a moment whether one was let in.
    fn look_in_later(self) {
        set_timeout(move || self.ask_to_join(LookIn::url(), form([("venue", self.venue())])), LOOK_EVERY);
    }

    fn ask_to_join(self, url: &'static str, form: UrlSearchParams) {
        spawn_local(async move {
            let answer = post(url, &form).await;
            if answer.is_ok() {
                self.joins_as.set(MutationId::new(Uuid::new_v4()));
            }
            match answer {
                Ok(Joined::Seated) => self.sit_down().await,
                Ok(Joined::Asks) => {
                    self.joining.set(Joining::Waits);
                    self.look_in_later();
                }
                Ok(Joined::TurnedAway) => self.joining.set(Joining::TurnedAway),
                // What could not be asked is asked again.
                Err(_) if untrack(|| self.waits()) => self.look_in_later(),
                Err(error) => self.joining.set(Joining::Failed(error)),
            }
        });
    }

    async fn sit_down(self) {
        // A second stay on one page would be two connections: it begins on a page of its own.
        if self.seat.with_untracked(Option::is_some) {
            let _ = window().location().reload();
            return;
        }
        let venue = self.venue.get_value();
        let who = form([("venue", self.venue()), ("token", self.token.in_link())]);
        match post(LoadGuest::url(), &who).await {
            Ok(Packed(GuestData { menu, place: place @ Place::Seated { .. }, epoch, now, .. })) => self.owned(move || {
                let Some(table) = GuestTable::new(venue, place, menu, epoch, now) else { return };
                table.connect();
                self.seat.set(Some(table));
                // When this stay is over, one can join anew.
                self.joining.set(Joining::NotAsked);
                if let Some(wanted) = self.wanted.try_update(Option::take).flatten() {
                    table.ask(wanted.command);
                }
            }),
            // Whatever it is, the page knows how to show it.
            _ => {
                let _ = window().location().reload();
            }
        }
    }

    /// Runs something whose signals live as long as the page.
    fn owned(self, run: impl FnOnce()) {
        match self.owner.get_value() {
            Some(owner) => owner.with(run),
            None => run(),
        }
    }

    /// The venue's id, as text.
    pub(crate) fn venue(self) -> String {
        self.venue.with_value(VenueId::to_string)
    }

    /// What stands on the table.
    pub(crate) fn label(self) -> String {
        self.label.get_value()
    }

    /// The menu: live for who has joined, else as the page was made with it.
    pub(crate) fn menu<R>(self, read: impl FnOnce(&Menu) -> R) -> R {
        match self.seat.get() {
            Some(table) => table.menu(read),
            None => self.printed.with_value(|menu| read(menu)),
        }
    }

    /// The dish of that id, as it is on the menu.
    pub(crate) fn dish(self, id: &DishId) -> Option<Dish> {
        self.menu(|menu| menu.catalog.dish(id).cloned())
    }

    /// The seat of who has joined, even where the stay is over.
    pub(crate) fn seat(self) -> Option<GuestTable> {
        self.seat.get()
    }

    /// Whether one sits here and can order.
    pub(crate) fn can_order(self) -> bool {
        self.seat.with(Option::is_some) && !self.over.get()
    }

    /// Whether one waits to be let in.
    pub(crate) fn waits(self) -> bool {
        self.joining.with(|joining| *joining == Joining::Waits)
    }

    /// What it takes to join.
    pub(crate) fn takes(self) -> Takes {
        if self.removed.get() { Takes::ConsentAlone } else { self.takes }
    }

    /// Whether one was taken off the table.
    pub(crate) fn is_removed(self) -> bool {
        self.removed.get()
    }

    /// Whether the stay is over, or one was taken off the table.
    pub(crate) fn is_over(self) -> bool {
        self.over.get()
    }

    /// Reads the stay, where one has joined.
    pub(crate) fn stay<R>(self, read: impl FnOnce(&Seating) -> R) -> Option<R> {
        self.seat.get().map(|table| table.view.with(read))
    }

    /// Does something at the table; who has not joined is asked to first, and then it is done.
    pub(crate) fn want(self, command: CartCommand, dish: String) {
        match self.seat.get_untracked() {
            Some(table) if !self.over.get_untracked() => {
                table.ask(command);
            }
            _ => self.wanted.set(Some(Wanted { command, dish })),
        }
    }

    /// Takes a notice away.
    pub(crate) fn dismiss(self, id: u32) {
        if let Some(table) = self.seat.get_untracked() {
            table.dismiss(id);
        }
    }

    /// An amount as people write it.
    pub(crate) fn money(self, amount: Amount) -> String {
        let currency: Currency = self.menu(|menu| menu.catalog.currency);
        self.speech.money(amount, currency)
    }
}
