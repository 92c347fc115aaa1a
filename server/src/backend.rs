//! What the pages ask of the server: translated to the service.

use std::sync::Arc;

use app::backend::{Backend, SetCookie};
use app::calls::{GuestData, PageError, Place, StaffData};
use async_trait::async_trait;
use axum::http::HeaderMap;
use domain::access::AccessCommand;
use domain::{Actor, MutationId, Name, Rejection, StaffId, StreamId, TableId, TableToken, VenueId};

use crate::clock;
use crate::identity::passwords::{Checked, Door};
use crate::identity::{GuestPass, Passes, StaffPass};
use crate::service::{Command, Refusal, Sending, Service};

/// What the pages ask of the server.
pub struct Pages {
    /// Executes.
    pub service: Arc<Service>,
    /// Recognises.
    pub passes: Passes,
    /// Checks passwords.
    pub door: Door,
}

fn page_error(refusal: Refusal) -> PageError {
    match refusal.reason {
        Rejection::Unavailable => PageError::Unreachable,
        Rejection::SignedOut => PageError::SignedOut,
        reason => PageError::Refused(reason),
    }
}

impl Pages {
    async fn table_of(&self, venue: &VenueId, token: TableToken) -> Result<TableId, PageError> {
        let access = self.service.access(venue).await.map_err(page_error)?.state;
        access.table_of(token).cloned().ok_or(PageError::StaleLink)
    }

    /// A page shows what is true now, also to somebody who was at another server a moment ago. Whether it can.
    async fn latest(&self, venue: &VenueId, headers: &HeaderMap) -> Sure {
        let of_venue = [StreamId::Access(venue.clone()), StreamId::Floor(venue.clone()), StreamId::Menu(venue.clone())];
        let own = self.passes.guest(venue, headers).map(|pass| StreamId::Seating(pass.seating));
        Sure(self.service.latest(&of_venue.into_iter().chain(own).collect::<Vec<_>>()).await)
    }

    async fn staff(&self, venue: &VenueId, headers: &HeaderMap) -> Result<(StaffPass, domain::access::StaffMember), PageError> {
        let pass = self.passes.staff(venue, headers).ok_or(PageError::SignedOut)?;
        let access = self.service.access(venue).await.map_err(page_error)?.state;
        access.role_of(&pass.staff, pass.signed_in_at).ok_or(PageError::SignedOut)?;
        let member = access.staff.get(&pass.staff).cloned().ok_or(PageError::SignedOut)?;
        Ok((pass, member))
    }

    async fn place(&self, venue: &VenueId, table: &TableId, headers: &HeaderMap, sure: Sure) -> Result<Place, PageError> {
        let floor = self.service.floor(venue).await.map_err(page_error)?.state;
        let seated = floor.seated.get(table).map(|seated| seated.seating);
        if let Some(pass) = self.passes.guest(venue, headers) {
            let stay = self.service.seating(pass.seating).await.map_err(page_error)?.state;
            if seated == Some(pass.seating) && stay.guest(pass.guest).is_some() {
                return Ok(Place::Seated { seating: pass.seating, guest: pass.guest, state: Box::new((*stay).clone()) });
            }
            // Who may be a guest here is not asked to become one.
            sure.or(PageError::Unreachable)?;
            let was_here = matches!(&stay.stay, domain::seating::Stay::Closed { table: at, .. } if at == table);
            if was_here && seated.is_none() {
                return Ok(Place::Left);
            }
        }
        let party = match seated {
            Some(id) => self.service.seating(id).await.map_err(page_error)?.state.guests.len(),
            None => 0,
        };
        Ok(Place::Newcomer { party: u16::try_from(party).unwrap_or(u16::MAX) })
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
    async fn guest_data(&self, venue: VenueId, token: TableToken, headers: &HeaderMap) -> Result<GuestData, PageError> {
        let sure = self.latest(&venue, headers).await;
        let table = sure.refuses(self.table_of(&venue, token).await)?;
        let place = self.place(&venue, &table, headers, sure).await?;
        let floor = self.service.floor(&venue).await.map_err(page_error)?.state;
        let table = floor.table(&table).cloned().ok_or(PageError::StaleLink)?;
        let menu = (*self.service.menu(&venue).await.map_err(page_error)?.state).clone();
        Ok(GuestData { venue, table, menu, place, joins_as: clock::new_mutation(), now: clock::now() })
    }

    async fn join(
        &self,
        venue: VenueId,
        token: TableToken,
        name: Option<Name>,
        mutation: Option<MutationId>,
        headers: &HeaderMap,
    ) -> Result<SetCookie, PageError> {
        let sure = self.latest(&venue, headers).await;
        let table = sure.refuses(self.table_of(&venue, token).await)?;
        // Who sits here already stays who they are: a second tap makes no second guest.
        if let Place::Seated { seating, guest, .. } = self.place(&venue, &table, headers, sure).await? {
            return Ok(self.passes.set_guest(&GuestPass { venue, seating, guest }));
        }
        let (seating, guest) =
            self.service.join(venue.clone(), table, name, mutation.unwrap_or_else(clock::new_mutation)).await.map_err(
                |refusal| match refusal.reason {
                    // It was taken away while somebody read its menu.
                    Rejection::NoSuchTable => PageError::StaleLink,
                    _ => page_error(refusal),
                },
            )?;
        Ok(self.passes.set_guest(&GuestPass { venue, seating, guest }))
    }

    async fn staff_data(&self, venue: VenueId, headers: &HeaderMap) -> Result<StaffData, PageError> {
        let sure = self.latest(&venue, headers).await;
        let (pass, member) = sure.refuses(self.staff(&venue, headers).await)?;
        let floor = self.service.floor(&venue).await.map_err(page_error)?.state;
        let menu = self.service.menu(&venue).await.map_err(page_error)?.state;
        let mut seatings = Vec::new();
        for seated in floor.seated.values() {
            let state = self.service.seating(seated.seating).await.map_err(page_error)?.state;
            seatings.push((seated.seating, (*state).clone()));
        }
        Ok(StaffData {
            venue,
            staff: pass.staff,
            name: member.name,
            role: member.role,
            floor: (*floor).clone(),
            menu: (*menu).clone(),
            seatings,
            now: clock::now(),
        })
    }

    async fn sign_in(
        &self,
        venue: VenueId,
        staff: StaffId,
        password: String,
        headers: &HeaderMap,
    ) -> Result<SetCookie, PageError> {
        let sure = self.latest(&venue, headers).await;
        let access = self.service.access(&venue).await.map_err(page_error)?.state;
        let member = access.staff.get(&staff);
        match self.door.check(&venue, &staff, password, member.map(|member| member.password.clone())).await {
            Checked::Right => {
                // Another server's clock may be ahead of ours.
                let signed_in_at = clock::now().max(member.map_or(clock::now(), |member| member.signed_out_before));
                Ok(self.passes.set_staff(&StaffPass { venue, staff, signed_in_at }))
            }
            Checked::Wrong => sure.refuses(Err(PageError::WrongPassword)),
            Checked::TooManyTries => Err(PageError::TooManyTries),
        }
    }

    async fn sign_out(&self, venue: VenueId, headers: &HeaderMap) -> Result<SetCookie, PageError> {
        let sure = self.latest(&venue, headers).await;
        match sure.refuses(self.staff(&venue, headers).await) {
            Ok((pass, member)) => {
                let actor = Actor::Staff { id: pass.staff.clone(), role: member.role };
                let command = Command::Access(AccessCommand::SignOut { id: pass.staff });
                self.service
                    .execute(venue.clone(), actor, Sending::first(clock::new_mutation()), command)
                    .await
                    .map_err(page_error)?;
            }
            Err(PageError::Unreachable) => return Err(PageError::Unreachable),
            // Nobody is signed in: nothing is left to do but to forget the cookie.
            Err(_) => {}
        }
        Ok(self.passes.clear_staff(&venue))
    }
}
