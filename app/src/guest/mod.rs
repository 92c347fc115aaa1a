//! The guest's page: where a table's QR code leads.
//!
//! It is the menu first, readable at once by whoever scans; who joins shares one order with the table.
//!
//! - [`at_table`]: what every piece here may ask: the menu, the seat if one has joined, what is open
//! - top: [`masthead`], [`party`] (who is here)
//! - coming in: [`join`] (joining, asking to be let in, starting anew),
//!   [`asks`] (who asks to be let in)
//! - the menu: [`menu`], its [`tabs`], [`finder`] (search and filters), [`dish_card`], and a dish
//!   being put together: [`dish_sheet`] with its [`option_group`]s
//! - the order: [`order_bar`], [`order`], [`cart_line`], [`send`], [`rounds`]
//! - pure: [`wishes`] (what the finder finds), [`draft`] (a dish being put together), [`sums`], [`news`]

#![expect(unreachable_pub, reason = "the component macro gives the builder of each component public methods")]

mod announcer;
mod asks;
mod at_table;
mod cart_line;
mod dish_card;
mod dish_sheet;
mod draft;
mod finder;
mod join;
mod marks;
mod masthead;
mod menu;
mod news;
mod option_group;
mod order;
mod order_bar;
mod party;
mod rounds;
mod row_keys;
mod send;
mod sums;
mod tabs;
mod under_way;
mod wishes;

use domain::{TableToken, VenueId};
use leptos::prelude::*;

use crate::api::guests::GuestData;
use crate::api::{Packed, PageError};
use crate::parts::{Erase, Icon, LinkBanner, Notices, PlainPage, Toasts, effect};
use crate::words::speech;
use at_table::AtTable;

/// The page.
#[component]
pub fn GuestPage(
    /// The venue.
    venue: VenueId,
    /// The table's code.
    token: TableToken,
) -> impl IntoView {
    let link = format!("/t/{venue}/{}", token.in_link());
    let data = Resource::new_blocking(|| (), {
        let venue = venue.clone();
        move |()| load(venue.clone(), token)
    });
    let page = move || {
        let (venue, link) = (venue.clone(), link.clone());
        Suspend::new(async move {
            match data.await {
                Ok(Packed(data)) => view! { <Table data token /> }.erased(),
                Err(error) => view! { <NoTable error venue link /> }.erased(),
            }
        })
    };
    view! { <Suspense>{page}</Suspense> }.erased()
}

/// Loads the page's data on the server. The browser has it in the page, and never asks for it.
#[cfg(feature = "ssr")]
async fn load(venue: VenueId, token: TableToken) -> Result<Packed<GuestData>, PageError> {
    crate::api::guests::guest_data(venue, token).await
}

#[cfg(not(feature = "ssr"))]
async fn load(_: VenueId, _: TableToken) -> Result<Packed<GuestData>, PageError> {
    Err(PageError::Unreachable)
}

/// The page could not be made: why, and what to do.
#[component]
fn NoTable(error: PageError, venue: VenueId, link: String) -> impl IntoView {
    let speech = speech();
    let (words, common) = (speech.visit(), speech.common());
    let again = view! { <a class="button" href=link>{common.try_again}</a> }.erased();
    match error {
        PageError::StaleLink => {
            view! { <PlainPage icon=Icon::Search title=words.stale_link hint=words.stale_link_hint /> }
        }
        PageError::Refused(reason) => {
            view! { <PlainPage icon=Icon::Info title=venue.to_string() hint=speech.reason(reason)>{again}</PlainPage> }
        }
        _ => {
            view! { <PlainPage icon=Icon::Offline title=common.unreachable hint=words.unreachable_hint>{again}</PlainPage> }
        }
    }
    .erased()
}

/// The page of a table.
#[component]
fn Table(data: GuestData, token: TableToken) -> impl IntoView {
    let words = speech().visit();
    let at = AtTable::new(data, token);
    provide_context(at);
    let notices = Signal::derive(move || at.seat().map(|table| table.notices.get()).unwrap_or_default());
    let on_dismiss = Callback::new(move |id| at.dismiss(id));
    provide_context(Notices { notices, on_dismiss });
    effect(move || at.arrive());
    // Only who has joined has a connection, and news.
    let banner = move || {
        // The farewell says by itself that the visit has ended.
        at.seat().filter(|_| at.can_order()).map(|table| {
            let waiting = Signal::derive(move || match table.pending_count() {
                0 => String::new(),
                n => words.changes_wait(n),
            });
            view! { <LinkBanner link=table.link detail=waiting /> }.erased()
        })
    };
    let announcer = move || at.seat().map(|table| view! { <announcer::Announcer table /> }.erased());
    let asks = move || at.seat().filter(|_| at.can_order()).map(|table| view! { <asks::Asks table /> }.erased());
    let foot = move || {
        if at.can_order() { view! { <order_bar::OrderBar /> }.erased() } else { view! { <join::JoinCard /> }.erased() }
    };
    view! {
        <div class="guest-page">
            <a class="skip-link" href="#menu">{words.skip_to_menu}</a>
            <masthead::Masthead />
            <menu::MenuBody />
            <footer class="guest-foot">{banner} {asks} {foot}</footer>
        </div>
        <dish_sheet::DishSheet />
        <order::OrderSheet />
        <party::PersonSheet />
        <Toasts notices on_dismiss />
        {announcer}
    }
    .erased()
}
