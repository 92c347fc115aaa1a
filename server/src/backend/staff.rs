//! The staff's pages, signing in and out, and taking over a device by PIN.

use app::api::PageError;
use app::api::backend::Given;
use app::api::staff::{DoorData, StaffData};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use domain::access::{AccessCommand, SignIn, StaffMember};
use domain::{Actor, DeviceNo, Name, Rejection, SeatingId, StaffId, VenueId};

use super::{Pages, page_error};
use crate::clock;
use crate::guard::Network;
use crate::identity::cookies::is_to_be_renewed;
use crate::identity::{Checked, DevicePass, Proof, StaffPass, Trier};
use crate::service::{Command, Sending};

impl Pages {
    /// Who is signed in.
    pub(super) async fn member(&self, venue: &VenueId, headers: &HeaderMap) -> Result<(StaffPass, StaffMember), PageError> {
        let pass = self.passes.staff(venue, headers).ok_or(PageError::SignedOut)?;
        let access = self.service.access(venue).await.map_err(page_error)?.state;
        access.role_of(&pass.sign_in).ok_or(PageError::SignedOut)?;
        let member = access.staff.get(&pass.sign_in.member).cloned().ok_or(PageError::SignedOut)?;
        Ok((pass, member))
    }

    /// As whom somebody acts who is signed in so.
    pub(super) fn actor(pass: &StaffPass, member: &StaffMember) -> Actor {
        Actor::Staff { id: pass.sign_in.member.clone(), role: member.role, device: Some(pass.sign_in.device) }
    }

    pub(super) async fn staff_data_of(&self, venue: VenueId, request: &Parts) -> Result<Given<StaffData>, PageError> {
        let sure = self.latest(&venue, &request.headers).await;
        let (pass, member) = sure.refuses(self.member(&venue, &request.headers).await)?;
        let floor = self.service.floor(&venue).await.map_err(page_error)?.state;
        let menu = self.service.menu(&venue).await.map_err(page_error)?.state;
        let ids: Vec<SeatingId> = floor.seated.values().map(|seated| seated.seating).collect();
        let held = self.service.seatings(&venue, &ids).await.map_err(page_error)?;
        // One that can't be read leaves its table without what was ordered, and the others as they are.
        let seatings = ids.into_iter().zip(held).filter_map(|(id, held)| Some((id, (*held.ok()?.state).clone()))).collect();
        let cookies = self.renewed(&pass).into_iter().collect();
        let value = StaffData {
            venue,
            staff: pass.sign_in.member,
            name: member.name,
            role: member.role,
            device: pass.sign_in.device,
            floor: (*floor).clone(),
            menu: (*menu).clone(),
            seatings,
            epoch: self.epoch(),
            now: clock::now(),
        };
        Ok(Given { value, cookies })
    }

    fn renewed(&self, pass: &StaffPass) -> Option<String> {
        is_to_be_renewed(pass.given_at, clock::now()).then(|| self.passes.set_staff(&pass.venue, &pass.sign_in, pass.proof))
    }

    pub(super) async fn door_data_of(&self, venue: VenueId, request: &Parts) -> Result<Given<DoorData>, PageError> {
        let title = self.service.menu(&venue).await.map_err(page_error)?.state.catalog.title.clone();
        let access = self.service.access(&venue).await.map_err(page_error)?.state;
        let pass = self.passes.staff(&venue, &request.headers);
        let is_signed_in = pass.is_some_and(|pass| access.is_device_signed_in(&pass.sign_in));
        // Who works here is nobody's business but the house's own devices'.
        let with_pin = access.staff.iter().filter(|(_, member)| is_signed_in && member.pin.is_some());
        let members = with_pin.map(|(id, member)| (id.clone(), member.name.clone())).collect();
        Ok(DoorData { title, is_signed_in, members }.into())
    }

    /// The device that sends this, if somebody has signed in on it before.
    async fn device(&self, venue: &VenueId, headers: &HeaderMap) -> Result<Option<DeviceNo>, PageError> {
        let Some(DevicePass { device, .. }) = self.passes.device(venue, headers) else { return Ok(None) };
        let access = self.service.access(venue).await.map_err(page_error)?.state;
        Ok(Some(device).filter(|device| access.devices.contains_key(device)))
    }

    pub(super) async fn sign_in_by_password(
        &self,
        venue: VenueId,
        staff: &str,
        password: String,
        request: &Parts,
    ) -> Result<Given<()>, PageError> {
        let sure = self.latest(&venue, &request.headers).await;
        let access = self.service.access(&venue).await.map_err(page_error)?.state;
        // Whatever is typed is looked at for as long as a name that somebody has.
        let name = staff.trim().to_lowercase();
        let id: Option<StaffId> = name.parse().ok();
        let member = id.as_ref().and_then(|id| access.staff.get(id));
        let (known, member_generation) = (member.map(|member| member.password.clone()), member.map(|member| member.generation));
        let device = self.device(&venue, &request.headers).await?;
        let trier = Trier { venue: &venue, network: Network::of(&request.extensions), device };
        let checked = self.sign_ins.password(trier, &name, password, known).await;
        let (id, member_generation) = match (checked, id, member_generation) {
            (Checked::Right, Some(id), Some(generation)) => (id, generation),
            (Checked::TooMany, ..) => return Err(PageError::TooManyTries),
            (Checked::Wrong | Checked::Right, ..) => return sure.refuses(Err(PageError::WrongPassword)),
        };
        drop(access);
        let kind = kind_of(&request.headers);
        let command = AccessCommand::SignInDevice { device, id: id.clone(), member_generation, kind };
        let version = self
            .service
            .execute(venue.clone(), Actor::System, Sending::first(clock::new_mutation()), Command::Access(command))
            .await
            .map_err(|refusal| match refusal.reason {
                // They left, or have another password, since theirs was looked at.
                Rejection::SignedOut | Rejection::NoSuchMember => PageError::WrongPassword,
                _ => page_error(refusal),
            })?;
        let access = self.service.access(&venue).await.map_err(page_error)?.state;
        let device = access.device_signed_in_at(version).ok_or(PageError::Unreachable)?;
        let sign_in = access.sign_in(&id, device).ok_or(PageError::SignedOut)?;
        // What happened since they signed in ends this, too.
        let sign_in = SignIn { member_generation, ..sign_in };
        let cookies =
            vec![self.passes.set_staff(&venue, &sign_in, Proof::Password), self.passes.set_device(&DevicePass { venue, device })];
        Ok(Given { value: (), cookies })
    }

    pub(super) async fn take_over_by_pin(
        &self,
        venue: VenueId,
        staff: StaffId,
        pin: String,
        request: &Parts,
    ) -> Result<Given<()>, PageError> {
        let sure = self.latest(&venue, &request.headers).await;
        let pass = sure.refuses(self.passes.staff(&venue, &request.headers).ok_or(PageError::SignedOut))?;
        let access = self.service.access(&venue).await.map_err(page_error)?.state;
        if !access.is_device_signed_in(&pass.sign_in) {
            return sure.refuses(Err(PageError::SignedOut));
        }
        let device = pass.sign_in.device;
        let known = access.staff.get(&staff).and_then(|member| member.pin.clone());
        let trier = Trier { venue: &venue, network: Network::of(&request.extensions), device: Some(device) };
        match self.sign_ins.pin(trier, device, &staff, pin.trim().to_owned(), known).await {
            Checked::Right => {}
            Checked::Wrong => return sure.refuses(Err(PageError::WrongPassword)),
            Checked::TooMany => return Err(PageError::TooManyTries),
        }
        let sign_in = access.sign_in(&staff, device).ok_or(PageError::SignedOut)?;
        Ok(Given::with((), self.passes.set_staff(&venue, &sign_in, Proof::Pin)))
    }

    pub(super) async fn renew_sign_in(&self, venue: VenueId, request: &Parts) -> Result<Given<()>, PageError> {
        let sure = self.latest(&venue, &request.headers).await;
        let (pass, _) = sure.refuses(self.member(&venue, &request.headers).await)?;
        Ok(Given { value: (), cookies: self.renewed(&pass).into_iter().collect() })
    }

    pub(super) async fn sign_out_here(&self, venue: VenueId, request: &Parts) -> Result<Given<()>, PageError> {
        let sure = self.latest(&venue, &request.headers).await;
        match sure.refuses(self.member(&venue, &request.headers).await) {
            Ok((pass, member)) => {
                let command = Command::Access(AccessCommand::SignOutDevice { device: pass.sign_in.device });
                self.service
                    .execute(venue.clone(), Self::actor(&pass, &member), Sending::first(clock::new_mutation()), command)
                    .await
                    .map_err(page_error)?;
            }
            Err(PageError::Unreachable) => return Err(PageError::Unreachable),
            // Nobody is signed in: nothing is left to do but to forget the cookie.
            Err(_) => {}
        }
        Ok(Given::with((), self.passes.clear_staff(&venue)))
    }
}

/// What a device is, as its browser says: `Chrome, Android`. People tell their tablets apart by it.
pub(super) fn kind_of(headers: &HeaderMap) -> Option<Name> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    let first = |known: &[(&str, &'static str)]| known.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name);
    // Each calls itself by the names of those before it, too.
    let browser = first(&[("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    let kind: Vec<&str> = browser.into_iter().chain(system).collect();
    Name::new(&kind.join(", ")).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_device_says_what_it_is_in_two_words() {
        let kind = |agent: &'static str| {
            kind_of(&HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static(agent))])).map(String::from)
        };
        let android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        assert_eq!(kind(android), Some("Chrome, Android".to_owned()));
        assert_eq!(
            kind("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            Some("Firefox, Linux".to_owned())
        );
        assert_eq!(kind("curl/8"), None);
        assert_eq!(kind_of(&HeaderMap::new()), None);
    }
}
