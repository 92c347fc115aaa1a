//! The kitchen: a browser on the wall, two to three metres away, greasy hands.
//!
//! - pure: [`board`] (which tickets, in which order), [`age`] (how old, how urgent)
//! - [`wall`]: what is shown, and what the buttons do
//! - views: [`tickets`] and [`ticket`], [`head`] (stations, tools), [`foot`] (recall, pages),
//!   [`all_day`], [`sold_out`], [`stale`]
//! - [`pages`]: which ticket stands on which page; [`keyboard`]: keyboard and bump bar

pub mod age;
pub mod all_day;
pub mod board;
pub mod foot;
pub mod head;
pub mod keyboard;
pub mod pages;
pub mod sold_out;
pub mod stale;
pub mod ticket;
pub mod tickets;
pub mod wall;

use domain::VenueId;
use leptos::prelude::*;

use self::wall::Wall;
use crate::device;
use crate::live::House;
use crate::parts::{Erase, Toasts};
use crate::staff::{Crew, StaffPage};

/// The page.
#[component]
pub fn KitchenPage(
    /// The venue.
    venue: VenueId,
) -> impl IntoView {
    view! { <StaffPage venue surface="kitchen" draw=draw /> }
}

fn draw(house: House, crew: Crew) -> AnyView {
    let wall = Wall::new(house);
    Effect::new(move |_| {
        house.connect();
        device::stay_awake();
        head::follow_address(wall);
        keyboard::listen(wall);
    });
    Effect::new(move |before| wall.notice(before));
    view! {
        <div class="wall" class:has-all-day=wall.all_day>
            <head::Head wall crew />
            <stale::Stale wall />
            <main class="wall-main">
                <tickets::Tickets wall />
                <all_day::AllDay wall />
            </main>
            <foot::Foot wall />
            <sold_out::SoldOut wall />
            <Toasts notices=house.notices on_dismiss=move |id| house.dismiss(id) />
        </div>
    }
    .erased()
}
