//! Who works here and which devices are signed in: for managers who are signed in by password.

use app::api::PageError;
use app::api::backend::{Given, PeopleChange};
use app::api::people::{Device, Member, People};
use axum::http::request::Parts;
use domain::access::AccessCommand;
use domain::{Actor, Rejection, Role, StaffId, VenueId};

use super::staff::kind_of;
use super::{Pages, page_error};
use crate::clock;
use crate::identity::{Proof, StaffPass, passwords};
use crate::service::{Command, Sending};

impl Pages {
    /// The manager who is signed in here.
    async fn manager(&self, venue: &VenueId, request: &Parts) -> Result<(StaffPass, domain::access::StaffMember), PageError> {
        let sure = self.latest(venue, &request.headers).await;
        let (pass, member) = sure.refuses(self.member(venue, &request.headers).await)?;
        if member.role != Role::Manager {
            return Err(PageError::Refused(Rejection::NotAllowed));
        }
        // Who looked over a manager's shoulder at a tablet has their PIN.
        if pass.proof != Proof::Password {
            return Err(PageError::NeedsPassword);
        }
        Ok((pass, member))
    }

    pub(super) async fn people_of(&self, venue: VenueId, request: &Parts) -> Result<Given<People>, PageError> {
        let (pass, _) = self.manager(&venue, request).await?;
        let access = self.service.access(&venue).await.map_err(page_error)?.state;
        let name = |id| access.staff.get(id).map(|member| member.name.clone());
        let mut members: Vec<Member> = access
            .staff
            .iter()
            .map(|(id, member)| Member {
                id: id.clone(),
                name: member.name.clone(),
                role: member.role,
                has_pin: member.pin.is_some(),
            })
            .collect();
        members.sort_by_key(|member| member.name.as_str().to_lowercase());
        let present = self.delivery.staff_present(&venue);
        let mut devices: Vec<Device> = access
            .devices
            .iter()
            .map(|(number, device)| Device {
                number: *number,
                name: device.name.clone(),
                kind: device.kind.clone(),
                signed_in_by: device.signed_in_by.as_ref().and_then(name),
                signed_in_at: device.signed_in_at,
                used_by: present.get(number).and_then(name),
            })
            .collect();
        devices.sort_by_key(|device| {
            let is_used = device.used_by.is_some() || device.number == pass.sign_in.device;
            (!is_used, device.signed_in_by.is_none(), std::cmp::Reverse(device.signed_in_at))
        });
        let (me, device) = (pass.sign_in.member, pass.sign_in.device);
        Ok(People { venue, me, device, members, devices, fresh_password: passwords::generate(), now: clock::now() }.into())
    }

    pub(super) async fn change_people_of(
        &self,
        venue: VenueId,
        change: PeopleChange,
        request: &Parts,
    ) -> Result<Given<()>, PageError> {
        let (pass, manager) = self.manager(&venue, request).await?;
        let actor = Self::actor(&pass, &manager);
        let me = &pass.sign_in.member;
        let is_own_secret = matches!(&change, PeopleChange::Password { id, .. } | PeopleChange::Pin { id, .. } if id == me);
        for command in self.commands(&venue, change).await? {
            let sending = Sending::first(clock::new_mutation());
            self.service.see_to(&venue, actor.clone(), sending, Command::Access(command)).await.map_err(page_error)?;
        }
        if !is_own_secret {
            return Ok(().into());
        }
        // A new secret signs one out wherever one is, but not from where one sets it.
        let device = pass.sign_in.device;
        let mut access = self.service.access(&venue).await.map_err(page_error)?.state;
        if access.devices.get(&device).is_some_and(|device| device.signed_in_by.is_none()) {
            let member_generation = access.staff.get(me).ok_or(PageError::SignedOut)?.generation;
            let (id, kind) = (me.clone(), kind_of(&request.headers));
            let command = AccessCommand::SignInDevice { device: Some(device), id, member_generation, kind };
            let sending = Sending::first(clock::new_mutation());
            self.service.execute(venue.clone(), Actor::System, sending, Command::Access(command)).await.map_err(page_error)?;
            access = self.service.access(&venue).await.map_err(page_error)?.state;
        }
        let again = access.sign_in(me, device).ok_or(PageError::SignedOut)?;
        Ok(Given::with((), self.passes.set_staff(&venue, &again, pass.proof)))
    }

    async fn commands(&self, venue: &VenueId, change: PeopleChange) -> Result<Vec<AccessCommand>, PageError> {
        use AccessCommand as Do;
        let hash = async |secret: &str| self.sign_ins.given(venue, secret).await.map_err(|_| PageError::TooManyTries);
        // What the rules will refuse is not hashed first.
        let access = self.service.access(venue).await.map_err(page_error)?.state;
        let is_there = |id: &StaffId| access.staff.contains_key(id);
        match &change {
            PeopleChange::Add { id, .. } if is_there(id) => return Err(PageError::Refused(Rejection::IdTaken)),
            PeopleChange::Password { id, .. } | PeopleChange::Pin { id, .. } if !is_there(id) => {
                return Err(PageError::Refused(Rejection::NoSuchMember));
            }
            _ => {}
        }
        let pin_hash = async |pin: Option<String>, role: Role| match pin {
            None => Ok::<_, PageError>(None),
            Some(pin) => Ok(Some(hash(passwords::checked_pin(pin.trim(), role)?).await?)),
        };
        Ok(match change {
            PeopleChange::Add { id, name, role, password, pin } => {
                let password = passwords::checked(&password)?;
                let (pin, password) = (pin_hash(pin, role).await?, hash(password).await?);
                let set_pin = pin.map(|pin| Do::SetPin { id: id.clone(), pin: Some(pin) });
                [Do::AddStaff { id, name, role, password }].into_iter().chain(set_pin).collect()
            }
            PeopleChange::Change { id, name, role } => vec![Do::ChangeStaff { id, name: Some(name), role: Some(role) }],
            PeopleChange::Password { id, password } => {
                let password = hash(passwords::checked(&password)?).await?;
                vec![Do::SetPassword { id, password }]
            }
            PeopleChange::Pin { id, pin } => {
                let role = access.staff.get(&id).map_or(Role::Manager, |member| member.role);
                vec![Do::SetPin { id, pin: pin_hash(pin, role).await? }]
            }
            PeopleChange::Remove { id } => vec![Do::RemoveStaff { id }],
            PeopleChange::SignOut { id } => vec![Do::SignOut { id }],
            PeopleChange::NameDevice { device, name } => vec![Do::NameDevice { device, name }],
            PeopleChange::SignOutDevice { device } => vec![Do::SignOutDevice { device }],
            PeopleChange::RemoveDevice { device } => vec![Do::RemoveDevice { device }],
            PeopleChange::SignOutEverybody => vec![Do::SignOutEverybody {}],
        })
    }
}
