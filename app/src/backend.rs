//! What the server does for the pages. The server implements it, so that no database reaches a page.

use async_trait::async_trait;
use axum::http::HeaderMap;
use domain::{MutationId, Name, StaffId, TableToken, VenueId};

use crate::calls::{GuestData, PageError, StaffData};

/// A `Set-Cookie` header's value.
pub type SetCookie = String;

/// What the server does for the pages. `headers` are the request's: they carry who asks.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// What a guest's page shows to who opened it.
    async fn guest_data(&self, venue: VenueId, token: TableToken, headers: &HeaderMap) -> Result<GuestData, PageError>;

    /// Joins the party at a table, or is the first of one. Asked again with the same `mutation`, it answers the same.
    async fn join(
        &self,
        venue: VenueId,
        token: TableToken,
        name: Option<Name>,
        mutation: Option<MutationId>,
        headers: &HeaderMap,
    ) -> Result<SetCookie, PageError>;

    /// What a page of the staff shows to who opened it.
    async fn staff_data(&self, venue: VenueId, headers: &HeaderMap) -> Result<StaffData, PageError>;

    /// Signs somebody in who works here.
    async fn sign_in(
        &self,
        venue: VenueId,
        staff: StaffId,
        password: String,
        headers: &HeaderMap,
    ) -> Result<SetCookie, PageError>;

    /// Signs whoever asks out, on this device and every other.
    async fn sign_out(&self, venue: VenueId, headers: &HeaderMap) -> Result<SetCookie, PageError>;
}
