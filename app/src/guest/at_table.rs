//! What every piece of the guest's page may ask: the menu, the seat, and what is open.

use std::sync::Arc;

use domain::menu::{Dish, Menu};
use domain::seating::{Seating, SeatingCommand};
use domain::{Amount, Currency, DishId, MutationId, TableToken, VenueId, Version};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;

use super::draft::Draft;
use super::wishes::Wishes;
use crate::calls::{GuestData, Join, LoadGuest, Packed, PageError, Place};
use crate::live::{Clock, GuestTable, Link, post};
use crate::parts::memo;
use crate::words::{Speech, fill, speech};

/// What every piece of the page may ask. Copied freely: it is handles. Ask for it with [`at_table`].
#[derive(Clone, Copy)]
pub(crate) struct AtTable {
    /// In which language the page speaks: event handlers have no context to ask.
    pub(crate) speech: Speech,
    /// The link's code.
    pub(crate) token: TableToken,
    /// How many were here when the page was made, for who has not joined.
    pub(crate) party: u16,
    /// What is looked for on the menu.
    pub(crate) wishes: RwSignal<Wishes>,
    /// The dish that is being put together, while its sheet is open.
    pub(crate) draft: RwSignal<Option<Draft>>,
    /// Whether the order is open.
    pub(crate) order_open: RwSignal<bool>,
    /// Whether one's name is being changed.
    pub(crate) rename_open: RwSignal<bool>,
    /// What somebody wants who has to join first.
    pub(crate) wanted: RwSignal<Option<Wanted>>,
    /// As what one joins from this page.
    pub(crate) joins_as: MutationId,
    /// How joining goes.
    pub(crate) joining: RwSignal<Joining>,
    /// At which version the catalog was published.
    pub(crate) published: Memo<Version>,
    venue: StoredValue<VenueId>,
    label: StoredValue<String>,
    /// The menu as the page was made with it: what is shown to who has not joined.
    printed: StoredValue<Arc<Menu>>,
    seat: RwSignal<Option<GuestTable>>,
    /// Whether the stay is over.
    over: Memo<bool>,
    owner: StoredValue<Option<Owner>>,
}

/// How joining goes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Joining {
    /// Nobody has asked.
    NotAsked,
    /// It is being asked.
    Asked,
    /// It could not be.
    Failed(PageError),
}

/// What somebody wants who has to join first.
#[derive(Clone)]
pub(crate) struct Wanted {
    command: SeatingCommand,
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
        let GuestData { venue, table, menu, place, joins_as, now } = data;
        let (party, left) = match place {
            Place::Newcomer { party } => (party, false),
            Place::Seated { .. } => (0, false),
            Place::Left => (0, true),
        };
        let printed = StoredValue::new(Arc::new(menu.clone()));
        let seat = RwSignal::new(seat_of(venue.clone(), menu, place, Clock::at(now)));
        let over = memo(move || match seat.get() {
            Some(table) => table.link.get() == Link::Ended || table.view.with(|seating| seating.stay.is_closed()),
            None => left,
        });
        let published = memo(move || match seat.get() {
            Some(table) => table.menu(|menu| menu.published_at),
            None => printed.with_value(|menu| menu.published_at),
        });
        Self {
            speech: speech(),
            token,
            party,
            wishes: RwSignal::default(),
            draft: RwSignal::new(None),
            order_open: RwSignal::new(false),
            rename_open: RwSignal::new(false),
            wanted: RwSignal::new(None),
            joins_as,
            joining: RwSignal::new(Joining::NotAsked),
            published,
            venue: StoredValue::new(venue),
            label: StoredValue::new(table.label),
            printed,
            seat,
            over,
            owner: StoredValue::new(Owner::current()),
        }
    }

    /// In the browser: connects, titles the document, and sits down once the server has let one join.
    pub(crate) fn arrive(self) {
        let table = fill(self.speech.guest().table, &[&self.label()]);
        // Once: a menu that is followed would have us arrive, and connect, whenever it changes.
        document().set_title(&untrack(|| self.menu(|menu| format!("{table} · {}", menu.catalog.title))));
        if let Some(table) = self.seat.get_untracked() {
            table.connect();
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
        self.rename_open.set(false);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Joins by that name, and becomes seated where one is, without losing one's place in the menu.
    pub(crate) fn join(self, name: String) {
        if self.joining.with_untracked(|joining| *joining == Joining::Asked) {
            return;
        }
        self.joining.set(Joining::Asked);
        spawn_local(async move {
            let (venue, token) = (self.venue(), self.token.in_link());
            let who = [("venue", venue.as_str()), ("token", token.as_str())];
            let joins_as = self.joins_as.to_string();
            let form = [who[0], who[1], ("name", name.as_str()), ("mutation", joins_as.as_str())];
            match post::<()>(Join::url(), &form).await {
                Ok(()) => self.sit_down(&who).await,
                Err(error) => self.joining.set(Joining::Failed(error)),
            }
        });
    }

    async fn sit_down(self, who: &[(&str, &str)]) {
        // A second stay on one page would be two connections: it begins on a page of its own.
        if self.seat.with_untracked(Option::is_some) {
            let _ = window().location().reload();
            return;
        }
        let venue = self.venue.get_value();
        match post::<Packed<GuestData>>(LoadGuest::url(), who).await {
            Ok(Packed(GuestData { menu, place: place @ Place::Seated { .. }, now, .. })) => self.owned(move || {
                let Some(table) = seat_of(venue, menu, place, Clock::at(now)) else { return };
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

    /// Whether the stay is over.
    pub(crate) fn is_over(self) -> bool {
        self.over.get()
    }

    /// Reads the stay, where one has joined.
    pub(crate) fn stay<R>(self, read: impl FnOnce(&Seating) -> R) -> Option<R> {
        self.seat.get().map(|table| table.view.with(read))
    }

    /// Does something at the table; who has not joined is asked to first, and then it is done.
    pub(crate) fn want(self, command: SeatingCommand, dish: String) {
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

fn seat_of(venue: VenueId, menu: Menu, place: Place, clock: Clock) -> Option<GuestTable> {
    match place {
        Place::Seated { seating, guest, state } => Some(GuestTable::new(venue, seating, guest, *state, menu, clock)),
        Place::Newcomer { .. } | Place::Left => None,
    }
}
