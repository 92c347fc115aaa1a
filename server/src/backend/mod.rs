//! What the pages ask of the server: translated to the service.
//!
//! - this file: what every page asks first
//! - [`guests`]: a guest's page, and joining; [`staff`]: the staff's pages, and signing in; [`people`]: who works here

mod guests;
mod people;
mod staff;

use std::sync::Arc;

use app::api::PageError;
use app::api::backend::{Backend, Given, PeopleChange, Wish};
use app::api::guests::{GuestData, Joined};
use app::api::people::People;
use app::api::staff::{DoorData, StaffData};
use async_trait::async_trait;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::{Rejection, StaffId, StreamId, TableToken, VenueId};

use crate::guard::JoinLimits;
use crate::identity::passwords::BadSecret;
use crate::identity::{Passes, SignIns};
use crate::live::Delivery;
use crate::service::{Refusal, Service};

/// What the pages ask of the server.
pub struct Pages {
    /// Executes.
    pub service: Arc<Service>,
    /// Knows who is connected.
    pub delivery: Arc<Delivery>,
    /// Recognises.
    pub passes: Passes,
    /// Checks passwords and PINs.
    pub sign_ins: Arc<SignIns>,
    /// How often one may join.
    pub join_limits: JoinLimits,
}

impl From<BadSecret> for PageError {
    fn from(_: BadSecret) -> Self {
        Self::BadSecret
    }
}

fn page_error(refusal: Refusal) -> PageError {
    match refusal.reason {
        Rejection::Unavailable => PageError::Unreachable,
        Rejection::SignedOut => PageError::SignedOut,
        Rejection::TooFast => PageError::TooManyTries,
        reason => PageError::Refused(reason),
    }
}

impl Pages {
    /// A page shows what is true now, also to somebody who was at another server a moment ago. Whether it can.
    async fn latest(&self, venue: &VenueId, headers: &HeaderMap) -> Sure {
        let of_venue = [StreamId::Access(venue.clone()), StreamId::Floor(venue.clone()), StreamId::Menu(venue.clone())];
        let own = self.passes.guest(venue, headers).map(|pass| StreamId::Seating(pass.seating));
        let asked = self.passes.ask(venue, headers).map(|pass| StreamId::Seating(pass.seating));
        Sure(self.service.latest(&of_venue.into_iter().chain(own).chain(asked).collect::<Vec<_>>()).await)
    }

    fn epoch(&self) -> String {
        self.service.log().epoch().as_str().to_owned()
    }
}

/// Whether what this server holds is what the log has.
#[derive(Debug, Clone, Copy)]
struct Sure(bool);

impl Sure {
    fn or<E>(self, error: E) -> Result<(), E> {
        if self.0 { Ok(()) } else { Err(error) }
    }

    /// Nobody is sent away for good by a server that can't know.
    fn refuses<T>(self, result: Result<T, PageError>) -> Result<T, PageError> {
        match result {
            Err(PageError::SignedOut | PageError::StaleLink | PageError::WrongPassword) if !self.0 => Err(PageError::Unreachable),
            sure => sure,
        }
    }
}

#[async_trait]
impl Backend for Pages {
    async fn newcomers_page(&self, venue: &VenueId, token: TableToken, request: &Parts) -> Option<String> {
        self.newcomers_page_of(venue, token, request).await
    }

    async fn guest_data(&self, venue: VenueId, token: TableToken, request: &Parts) -> Result<Given<GuestData>, PageError> {
        self.guest_data_of(venue, token, request).await
    }

    async fn join(&self, venue: VenueId, token: TableToken, wish: Wish, request: &Parts) -> Result<Given<Joined>, PageError> {
        self.join_as_wished(venue, token, wish, request).await
    }

    async fn look_in(&self, venue: VenueId, request: &Parts) -> Result<Given<Joined>, PageError> {
        self.what_became_of_asking(venue, request).await
    }

    async fn staff_data(&self, venue: VenueId, request: &Parts) -> Result<Given<StaffData>, PageError> {
        self.staff_data_of(venue, request).await
    }

    async fn door_data(&self, venue: VenueId, request: &Parts) -> Result<Given<DoorData>, PageError> {
        self.door_data_of(venue, request).await
    }

    async fn sign_in(&self, venue: VenueId, staff: &str, password: String, request: &Parts) -> Result<Given<()>, PageError> {
        self.sign_in_by_password(venue, staff, password, request).await
    }

    async fn take_over(&self, venue: VenueId, staff: StaffId, pin: String, request: &Parts) -> Result<Given<()>, PageError> {
        self.take_over_by_pin(venue, staff, pin, request).await
    }

    async fn renew(&self, venue: VenueId, request: &Parts) -> Result<Given<()>, PageError> {
        self.renew_sign_in(venue, request).await
    }

    async fn sign_out(&self, venue: VenueId, request: &Parts) -> Result<Given<()>, PageError> {
        self.sign_out_here(venue, request).await
    }

    async fn people(&self, venue: VenueId, request: &Parts) -> Result<Given<People>, PageError> {
        self.people_of(venue, request).await
    }

    async fn change_people(&self, venue: VenueId, change: PeopleChange, request: &Parts) -> Result<Given<()>, PageError> {
        self.change_people_of(venue, change, request).await
    }
}
