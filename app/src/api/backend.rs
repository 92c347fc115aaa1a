//! What the server does for the pages. The server implements it, so that no database reaches a page.

use async_trait::async_trait;
use axum::http::request::Parts;
use domain::{DeviceNo, MutationId, Name, Role, StaffId, TableToken, Time, VenueId};

use super::PageError;
use super::guests::{GuestData, Joined};
use super::people::People;
use super::staff::{DoorData, StaffData};

/// A `Set-Cookie` header's value.
pub type SetCookie = String;

/// What is answered, and what the browser is to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Given<T> {
    /// The answer.
    pub value: T,
    /// The cookies.
    pub cookies: Vec<SetCookie>,
}

impl<T> From<T> for Given<T> {
    fn from(value: T) -> Self {
        Self { value, cookies: Vec::new() }
    }
}

impl<T> Given<T> {
    /// An answer with one cookie.
    pub fn with(value: T, cookie: SetCookie) -> Self {
        Self { value, cookies: vec![cookie] }
    }
}

/// What a page's data is to be made with, among a request's extensions: what differs from one copy to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeds {
    /// As what one joins from the page.
    pub joins_as: MutationId,
    /// The time.
    pub now: Time,
}

/// How somebody wants to join a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// What they want to be called, if anything.
    pub name: Option<Name>,
    /// The secret by which the same browser is known when it asks again.
    pub key: Option<MutationId>,
    /// The number on the phones of those who sit there, as it was typed.
    pub number: Option<String>,
    /// Whether they say that they sit there already.
    pub back: bool,
}

/// What a manager changes about who works here.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its server function says")]
pub enum PeopleChange {
    Add { id: StaffId, name: Name, role: Role, password: String, pin: Option<String> },
    Change { id: StaffId, name: Name, role: Role },
    Password { id: StaffId, password: String },
    Pin { id: StaffId, pin: Option<String> },
    Remove { id: StaffId },
    SignOut { id: StaffId },
    NameDevice { device: DeviceNo, name: Name },
    SignOutDevice { device: DeviceNo },
    RemoveDevice { device: DeviceNo },
    SignOutEverybody,
}

/// What the server does for the pages. `request` carries who asks, and from where.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// What the page depends on that somebody who has just scanned a code gets, all but its [`Seeds`]; none for whoever is
    /// somebody here already.
    async fn newcomers_page(&self, venue: &VenueId, token: TableToken, request: &Parts) -> Option<String>;

    /// What a guest's page shows to who opened it.
    async fn guest_data(&self, venue: VenueId, token: TableToken, request: &Parts) -> Result<Given<GuestData>, PageError>;

    /// Joins the party at a table, is the first of one, or asks to be let in. Asked again with the same key, it answers the
    /// same.
    async fn join(&self, venue: VenueId, token: TableToken, wish: Wish, request: &Parts) -> Result<Given<Joined>, PageError>;

    /// What became of asking to be let in.
    async fn look_in(&self, venue: VenueId, request: &Parts) -> Result<Given<Joined>, PageError>;

    /// What a page of the staff shows to who opened it.
    async fn staff_data(&self, venue: VenueId, request: &Parts) -> Result<Given<StaffData>, PageError>;

    /// Who can take over this device.
    async fn door_data(&self, venue: VenueId, request: &Parts) -> Result<Given<DoorData>, PageError>;

    /// Signs somebody in who works here.
    async fn sign_in(&self, venue: VenueId, staff: &str, password: String, request: &Parts) -> Result<Given<()>, PageError>;

    /// Somebody takes over a device that is signed in.
    async fn take_over(&self, venue: VenueId, staff: StaffId, pin: String, request: &Parts) -> Result<Given<()>, PageError>;

    /// Goes on being signed in.
    async fn renew(&self, venue: VenueId, request: &Parts) -> Result<Given<()>, PageError>;

    /// Signs this device out.
    async fn sign_out(&self, venue: VenueId, request: &Parts) -> Result<Given<()>, PageError>;

    /// Who works here, and which devices are signed in.
    async fn people(&self, venue: VenueId, request: &Parts) -> Result<Given<People>, PageError>;

    /// Changes who works here, or what is signed in.
    async fn change_people(&self, venue: VenueId, change: PeopleChange, request: &Parts) -> Result<Given<()>, PageError>;
}
