//! The floor: every table on a waiter's tablet, and what it waits for.
//!
//! - pure: [`tables`] (states and needs), [`stay`] (a stay as its panel shows it)
//! - [`plan`]: what is shown, and what the buttons do
//! - views: [`map`] (the tables), [`need_list`], [`panel`] (one table)

pub mod map;
pub mod need_list;
pub mod panel;
pub mod panel_parts;
pub mod plan;
pub mod stay;
pub mod tables;

use domain::VenueId;
use leptos::prelude::*;

use self::plan::Plan;
use crate::device::Sound;
use crate::live::House;
use crate::parts::{Erase, LinkBanner, Toasts};
use crate::staff::bar::{CrewTools, Renew, SoundSwitch};
use crate::staff::{Crew, StaffPage, text};

/// The page.
#[component]
pub fn FloorPage(
    /// The venue.
    venue: VenueId,
) -> impl IntoView {
    view! { <StaffPage venue surface="floor" draw=draw /> }
}

fn draw(house: House, crew: Crew) -> AnyView {
    let plan = Plan::new(house);
    Effect::new(move |_| house.connect());
    Effect::new(move |before| plan.notice(before));
    let words = plan.speech.floor();
    let taken = text(move || {
        plan.cards.with(|cards| {
            let taken = cards.iter().filter(|card| card.party.is_some()).count();
            words.tables_taken(cards.len(), &taken.to_string())
        })
    });
    view! {
        <div class="floor">
            <header class="floor-head">
                <div>
                    <h1 class="floor-title">{plan.speech.staff().floor}</h1>
                    <p class="floor-taken">{taken}</p>
                </div>
                <div class="tools">
                    <SoundSwitch on=plan.sound sample=Sound::Ready />
                    <Renew house />
                    <CrewTools crew surface="floor" />
                </div>
            </header>
            <LinkBanner link=house.link />
            <main class="floor-main">
                <need_list::NeedList plan />
                <map::Map plan />
            </main>
            <panel::Panel plan />
            <Toasts notices=house.notices on_dismiss=move |id| house.dismiss(id) />
        </div>
    }
    .erased()
}
