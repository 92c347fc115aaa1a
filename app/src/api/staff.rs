//! What the staff's pages start from, signing in and out, and taking over a device by PIN.

#![expect(missing_docs, reason = "the server macro makes a struct of each function, whose fields are the arguments")]

use domain::floor::Floor;
use domain::menu::Menu;
use domain::seating::Seating;
use domain::{DeviceNo, Name, Role, SeatingId, StaffId, Time, VenueId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::on_server;
use super::{Packed, PageError};

/// What a page of the staff starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StaffData {
    /// The venue.
    pub venue: VenueId,
    /// Who is signed in.
    pub staff: StaffId,
    /// What they are called.
    pub name: Name,
    /// What they do.
    pub role: Role,
    /// On which device.
    pub device: DeviceNo,
    /// Who sits where.
    pub floor: Floor,
    /// What is served.
    pub menu: Menu,
    /// Every open stay.
    pub seatings: Vec<(SeatingId, Seating)>,
    /// Which log this is of.
    pub epoch: String,
    /// The server's clock.
    pub now: Time,
}

/// Who can take over this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorData {
    /// What the restaurant is called.
    pub title: String,
    /// Whether this device is signed in: then a PIN is enough.
    pub is_signed_in: bool,
    /// Who has a PIN.
    pub members: Vec<(StaffId, Name)>,
}

impl DoorData {
    /// Of a house of which nothing is known now.
    pub fn closed(venue: &VenueId) -> Self {
        Self { title: venue.to_string(), is_signed_in: false, members: Vec::new() }
    }
}

/// What a page of the staff starts from.
#[server(name = LoadStaff, prefix = "/api", endpoint = "staff")]
pub async fn staff_data(venue: VenueId) -> Result<Packed<StaffData>, PageError> {
    let data = on_server::backend().staff_data(venue, &on_server::request()).await;
    on_server::given(data).map(Packed)
}

/// Who can take over this device.
#[server(name = LoadDoor, prefix = "/api", endpoint = "door")]
pub async fn door_data(venue: VenueId) -> Result<DoorData, PageError> {
    on_server::given(on_server::backend().door_data(venue, &on_server::request()).await)
}

/// Where somebody who signs in goes.
#[cfg(feature = "ssr")]
fn way(venue: &VenueId, to: &str) -> String {
    let surface = match to {
        "kitchen" => "kitchen",
        "staff" => "staff",
        _ => "floor",
    };
    format!("/v/{venue}/{surface}")
}

/// Signs in, and goes to where the role works.
#[server(name = SignIn, prefix = "/api", endpoint = "sign-in")]
pub async fn sign_in(venue: VenueId, staff: String, password: String, to: String) -> Result<(), PageError> {
    let way = way(&venue, &to);
    on_server::given(on_server::backend().sign_in(venue, &staff, password, &on_server::request()).await)?;
    leptos_axum::redirect(&way);
    Ok(())
}

/// Takes over a device that is signed in, by PIN.
#[server(name = TakeOver, prefix = "/api", endpoint = "take-over")]
pub async fn take_over(venue: VenueId, staff: StaffId, pin: String, to: String) -> Result<(), PageError> {
    let way = way(&venue, &to);
    on_server::given(on_server::backend().take_over(venue, staff, pin, &on_server::request()).await)?;
    leptos_axum::redirect(&way);
    Ok(())
}

/// Goes on being signed in on this device.
#[server(name = Renew, prefix = "/api", endpoint = "renew")]
pub async fn renew(venue: VenueId) -> Result<(), PageError> {
    on_server::given(on_server::backend().renew(venue, &on_server::request()).await)
}

/// Signs this device out.
#[server(name = SignOut, prefix = "/api", endpoint = "sign-out")]
pub async fn sign_out(venue: VenueId) -> Result<(), PageError> {
    let link = format!("/v/{venue}/sign-in");
    on_server::given(on_server::backend().sign_out(venue, &on_server::request()).await)?;
    leptos_axum::redirect(&link);
    Ok(())
}
