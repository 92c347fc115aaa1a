//! A guest's page, and joining.

use app::api::PageError;
use app::api::backend::{Given, Seeds, Wish};
use app::api::guests::{GuestData, Joined, Place};
use axum::http::request::Parts;
use domain::seating::{Coming, Seating, Stay, Takes};
use domain::visit::{self, Newcomer};
use domain::{Fold as _, GuestNo, MutationId, Rejection, SeatingId, TableId, TableToken, VenueId};

use super::{Pages, Sure, page_error};
use crate::clock;
use crate::guard::{Network, Way};
use crate::identity::cookies::is_to_be_renewed;
use crate::identity::{AskPass, GuestPass};

impl Pages {
    async fn table_of(&self, venue: &VenueId, token: TableToken) -> Result<TableId, PageError> {
        let access = self.service.access(venue).await.map_err(page_error)?.state;
        access.table_of(token).cloned().ok_or(PageError::StaleLink)
    }

    /// What the page of somebody who is nobody here yet depends on: the very same as [`Pages::guest_data_of`] gives.
    pub(super) async fn newcomers_page_of(&self, venue: &VenueId, token: TableToken, request: &Parts) -> Option<String> {
        let sure = self.latest(venue, &request.headers).await;
        let id = self.table_of(venue, token).await.ok()?;
        let Place::Newcomer { is_free, party, takes } = self.place(venue, &id, request, sure).await.ok()?.value else {
            return None;
        };
        let floor = self.service.floor(venue).await.ok()?.state;
        let table = serde_json::to_string(floor.table(&id)?).ok()?;
        let menu = self.service.menu(venue).await.ok()?.version();
        Some(format!("{venue} {} {table} menu {menu} party {party} free {is_free} {takes:?} {}", token.in_link(), self.epoch()))
    }

    pub(super) async fn guest_data_of(
        &self,
        venue: VenueId,
        token: TableToken,
        request: &Parts,
    ) -> Result<Given<GuestData>, PageError> {
        let sure = self.latest(&venue, &request.headers).await;
        let table = sure.refuses(self.table_of(&venue, token).await)?;
        let Given { value: place, cookies } = self.place(&venue, &table, request, sure).await?;
        let floor = self.service.floor(&venue).await.map_err(page_error)?.state;
        let table = floor.table(&table).cloned().ok_or(PageError::StaleLink)?;
        let menu = self.service.menu(&venue).await.map_err(page_error)?.state.for_guests();
        let seeds = request.extensions.get::<Seeds>().copied();
        let Seeds { joins_as, now } = seeds.unwrap_or_else(|| Seeds { joins_as: clock::new_mutation(), now: clock::now() });
        let epoch = self.epoch();
        Ok(Given { value: GuestData { venue, table, menu, place, joins_as, epoch, now }, cookies })
    }

    /// Who this browser is at a table.
    async fn place(&self, venue: &VenueId, table: &TableId, request: &Parts, sure: Sure) -> Result<Given<Place>, PageError> {
        let headers = &request.headers;
        let floor = self.service.floor(venue).await.map_err(page_error)?.state;
        let seated = floor.seated.get(table).map(|seated| seated.seating);
        let stay = async |id| self.service.seating(id).await.map(|held| held.state).map_err(page_error);
        let mut coming = Coming::default();
        if let Some((pass, given_at)) = self.passes.guest_given(venue, headers) {
            let own = stay(pass.seating).await?;
            if seated == Some(pass.seating) && own.is_here_since(pass.guest, pass.returns) {
                let cookies = is_to_be_renewed(given_at, clock::now()).then(|| self.passes.set_guest(&pass));
                return Ok(Given { value: self.seat(pass.seating, pass.guest, &own), cookies: cookies.into_iter().collect() });
            }
            // Whoever may be a guest here is not asked to become one.
            sure.or(PageError::Unreachable)?;
            if seated.is_none() && matches!(&own.stay, Stay::Closed { table: at, .. } if at == table) {
                return Ok(Place::Left.into());
            }
            coming.was_removed = seated == Some(pass.seating);
        }
        let Some(id) = seated else {
            let takes = if floor.rules.joining.opens_by_code() { Takes::Nothing } else { Takes::Staff };
            return Ok(Place::Newcomer { is_free: true, party: 0, takes }.into());
        };
        let party = stay(id).await?;
        let count = u16::try_from(party.guests_here().count()).unwrap_or(u16::MAX);
        if let Some(asked) = self.passes.ask(venue, headers).filter(|asked| asked.seating == id) {
            if let Some(guest) = party.let_in_as(asked.ask) {
                let pass = pass(venue, id, guest, &party);
                let cookies = vec![self.passes.set_guest(&pass), self.passes.clear_ask(venue)];
                return Ok(Given { value: self.seat(id, guest, &party), cookies });
            }
            if party.asks(asked.ask, clock::now()) {
                return Ok(Place::Asks { party: count, takes: party.takes(coming) }.into());
            }
        }
        Ok(Place::Newcomer { is_free: false, party: count, takes: party.takes(coming) }.into())
    }

    fn seat(&self, seating: SeatingId, guest: GuestNo, stay: &Seating) -> Place {
        let number = stay.has_number().then(|| self.passes.number(seating));
        Place::Seated { seating, guest, state: Box::new(stay.clone()), number }
    }

    pub(super) async fn join_as_wished(
        &self,
        venue: VenueId,
        token: TableToken,
        wish: Wish,
        request: &Parts,
    ) -> Result<Given<Joined>, PageError> {
        let sure = self.latest(&venue, &request.headers).await;
        let table = sure.refuses(self.table_of(&venue, token).await)?;
        // Who sits here already stays who they are: a second tap makes no second guest, nor a second ask.
        let Given { value: place, cookies } = self.place(&venue, &table, request, sure).await?;
        match place {
            Place::Seated { seating, guest, state, .. } => {
                let again = || vec![self.passes.set_guest(&pass(&venue, seating, guest, &state))];
                let cookies = if cookies.is_empty() { again() } else { cookies };
                return Ok(Given { value: Joined::Seated, cookies });
            }
            Place::Asks { .. } => return Ok(Joined::Asks.into()),
            Place::Newcomer { .. } | Place::Left => {}
        }
        let network = Network::of(&request.extensions);
        let (coming, takes) = self.coming(&venue, &table, &wish, request).await?;
        let way = match takes {
            Takes::Nothing if coming.with_number => Way::WithNumber,
            Takes::Nothing => Way::WithCode,
            Takes::Consent | Takes::ConsentAlone | Takes::Staff => Way::Asking,
        };
        let tokens = self.join_limits.may_join(&venue, &table, network, way).ok_or(PageError::TooManyTries)?;
        // Everybody at the table can read a mutation in the stream. What this browser has sent stands nowhere.
        let mutation = wish.key.map_or_else(clock::new_mutation, MutationId::of_secret);
        let newcomer = Newcomer { table, name: wish.name, coming };
        let joined = self.service.join(venue.clone(), newcomer, mutation).await;
        let (seating, joined) = joined.map_err(|refusal| {
            tokens.put_back();
            match refusal.reason {
                // It was taken away while somebody read its menu.
                Rejection::NoSuchTable => PageError::StaleLink,
                _ => page_error(refusal),
            }
        })?;
        Ok(match joined {
            visit::Joined::Guest(guest) => {
                let stay = self.service.seating(seating).await.map_err(page_error)?.state;
                let set = self.passes.set_guest(&pass(&venue, seating, guest, &stay));
                let asked_before = self.passes.ask(&venue, &request.headers).map(|_| self.passes.clear_ask(&venue));
                Given { value: Joined::Seated, cookies: [set].into_iter().chain(asked_before).collect() }
            }
            visit::Joined::Asks(ask) => Given::with(Joined::Asks, self.passes.set_ask(&AskPass { venue, seating, ask })),
        })
    }

    /// How somebody comes to a table, of what their browser says and what it proves; and what that takes.
    async fn coming(&self, venue: &VenueId, table: &TableId, wish: &Wish, request: &Parts) -> Result<(Coming, Takes), PageError> {
        let floor = self.service.floor(venue).await.map_err(page_error)?.state;
        let Some(seated) = floor.seated.get(table).map(|seated| seated.seating) else {
            return Ok((Coming::default(), Takes::Nothing));
        };
        let with_number = match &wish.number {
            None => false,
            Some(typed) => {
                let network = Network::of(&request.extensions);
                let a_try = self.join_limits.may_try_number(seated, network).ok_or(PageError::TooManyTries)?;
                if !self.passes.is_number(seated, typed) {
                    return Err(PageError::WrongNumber);
                }
                a_try.put_back();
                true
            }
        };
        // Their cookie is of this very stay, and they are nobody here: they were removed.
        let was_removed = self.passes.guest(venue, &request.headers).is_some_and(|pass| pass.seating == seated);
        let coming = Coming { with_number, back: wish.back, was_removed };
        Ok((coming, self.service.seating(seated).await.map_err(page_error)?.state.takes(coming)))
    }

    pub(super) async fn what_became_of_asking(&self, venue: VenueId, request: &Parts) -> Result<Given<Joined>, PageError> {
        let Some(asked) = self.passes.ask(&venue, &request.headers) else { return Ok(Joined::TurnedAway.into()) };
        let stay = self.service.seating(asked.seating).await.map_err(page_error)?.state;
        if let Some(guest) = stay.let_in_as(asked.ask).filter(|_| stay.stay.is_open()) {
            let pass = pass(&venue, asked.seating, guest, &stay);
            let cookies = vec![self.passes.set_guest(&pass), self.passes.clear_ask(&venue)];
            return Ok(Given { value: Joined::Seated, cookies });
        }
        if stay.stay.is_open() && stay.asks(asked.ask, clock::now()) {
            return Ok(Joined::Asks.into());
        }
        // Perhaps another server knows more.
        let sure = self.latest(&venue, &request.headers).await;
        sure.or(PageError::Unreachable)?;
        let now = self.service.seating(asked.seating).await.map_err(page_error)?.state;
        if now.version() != stay.version() {
            return Ok(Joined::Asks.into());
        }
        Ok(Given::with(Joined::TurnedAway, self.passes.clear_ask(&venue)))
    }
}

/// What makes a browser that guest, as of now.
fn pass(venue: &VenueId, seating: SeatingId, guest: GuestNo, stay: &Seating) -> GuestPass {
    let returns = stay.guest(guest).map_or(0, |guest| guest.returns);
    GuestPass { venue: venue.clone(), seating, guest, returns }
}
