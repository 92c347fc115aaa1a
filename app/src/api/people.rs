//! Who works here and which devices are signed in, for managers. Plain forms, so that they work without a script.

#![expect(missing_docs, reason = "the server macro makes a struct of each function, whose fields are the arguments")]

use domain::{DeviceNo, Name, Role, StaffId, Time, VenueId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::PageError;
#[cfg(feature = "ssr")]
use super::backend::PeopleChange;
#[cfg(feature = "ssr")]
use super::on_server;

/// Who works here, and which devices are signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// The venue.
    pub venue: VenueId,
    /// Who looks.
    pub me: StaffId,
    /// On which device.
    pub device: DeviceNo,
    /// Who works here, by name.
    pub members: Vec<Member>,
    /// The devices, those in use first.
    pub devices: Vec<Device>,
    /// A password that nobody has, for whoever needs one.
    pub fresh_password: String,
    /// The server's clock.
    pub now: Time,
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// As what they sign in.
    pub id: StaffId,
    /// What they are called.
    pub name: Name,
    /// What they do.
    pub role: Role,
    /// Whether they have a PIN.
    pub has_pin: bool,
}

/// A device that is known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its number.
    pub number: DeviceNo,
    /// What it is called, if anything.
    pub name: Option<Name>,
    /// What it is, as it said itself.
    pub kind: Option<Name>,
    /// Who signed it in by password; none: it is signed out.
    pub signed_in_by: Option<Name>,
    /// When they did.
    pub signed_in_at: Time,
    /// Who is on it now, where one of its screens is connected to this server.
    pub used_by: Option<Name>,
}

/// Who works here, and which devices are signed in.
#[server(name = LoadPeople, prefix = "/api", endpoint = "people")]
pub async fn people(venue: VenueId) -> Result<People, PageError> {
    on_server::given(on_server::backend().people(venue, &on_server::request()).await)
}

#[cfg(feature = "ssr")]
async fn change(venue: VenueId, change: PeopleChange) -> Result<(), PageError> {
    let link = format!("/v/{venue}/staff");
    on_server::given(on_server::backend().change_people(venue, change, &on_server::request()).await)?;
    leptos_axum::redirect(&link);
    Ok(())
}

#[cfg(feature = "ssr")]
fn name(text: &str) -> Result<Name, PageError> {
    Name::new(text).map_err(|bad| PageError::BadName(bad.to_string()))
}

#[cfg(feature = "ssr")]
fn id(text: &str) -> Result<StaffId, PageError> {
    text.trim().to_lowercase().parse().map_err(|_| PageError::BadName("an id is made of a-z, 0-9 and -".to_owned()))
}

/// Lets somebody work here.
#[server(name = AddMember, prefix = "/api", endpoint = "people-add")]
pub async fn add_member(
    venue: VenueId,
    staff: String,
    called: String,
    role: Role,
    password: String,
    pin: String,
) -> Result<(), PageError> {
    let (id, name) = (id(&staff)?, name(&called)?);
    let pin = Some(pin).filter(|pin| !pin.trim().is_empty());
    change(venue, PeopleChange::Add { id, name, role, password, pin }).await
}

/// Changes what somebody is called, or does.
#[server(name = ChangeMember, prefix = "/api", endpoint = "people-change")]
pub async fn change_member(venue: VenueId, staff: StaffId, called: String, role: Role) -> Result<(), PageError> {
    let name = name(&called)?;
    change(venue, PeopleChange::Change { id: staff, name, role }).await
}

/// Gives somebody another password.
#[server(name = SetPassword, prefix = "/api", endpoint = "people-password")]
pub async fn set_password(venue: VenueId, staff: StaffId, password: String) -> Result<(), PageError> {
    change(venue, PeopleChange::Password { id: staff, password }).await
}

/// Gives somebody another PIN; an empty one takes it away.
#[server(name = SetPin, prefix = "/api", endpoint = "people-pin")]
pub async fn set_pin(venue: VenueId, staff: StaffId, pin: String) -> Result<(), PageError> {
    let pin = Some(pin).filter(|pin| !pin.trim().is_empty());
    change(venue, PeopleChange::Pin { id: staff, pin }).await
}

/// Ends somebody's work here.
#[server(name = RemoveMember, prefix = "/api", endpoint = "people-remove")]
pub async fn remove_member(venue: VenueId, staff: StaffId) -> Result<(), PageError> {
    change(venue, PeopleChange::Remove { id: staff }).await
}

/// Signs somebody out wherever they are.
#[server(name = SignOutMember, prefix = "/api", endpoint = "people-sign-out")]
pub async fn sign_out_member(venue: VenueId, staff: StaffId) -> Result<(), PageError> {
    change(venue, PeopleChange::SignOut { id: staff }).await
}

/// Calls a device something.
#[server(name = NameDevice, prefix = "/api", endpoint = "device-name")]
pub async fn name_device(venue: VenueId, device: DeviceNo, called: String) -> Result<(), PageError> {
    let name = name(&called)?;
    change(venue, PeopleChange::NameDevice { device, name }).await
}

/// Signs a device out.
#[server(name = SignOutDevice, prefix = "/api", endpoint = "device-sign-out")]
pub async fn sign_out_device(venue: VenueId, device: DeviceNo) -> Result<(), PageError> {
    change(venue, PeopleChange::SignOutDevice { device }).await
}

/// Forgets a device.
#[server(name = RemoveDevice, prefix = "/api", endpoint = "device-remove")]
pub async fn remove_device(venue: VenueId, device: DeviceNo) -> Result<(), PageError> {
    change(venue, PeopleChange::RemoveDevice { device }).await
}

/// Signs every device out, this one too.
#[server(name = SignOutEverybody, prefix = "/api", endpoint = "device-sign-out-all")]
pub async fn sign_out_everybody(venue: VenueId) -> Result<(), PageError> {
    change(venue, PeopleChange::SignOutEverybody).await
}
