//! Who works here: with which role, password and PIN.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Access, AccessEvent, is_none};
use crate::Version;
use crate::ids::StaffId;
use crate::rejection::Rejection;
use crate::stream::{Recorded, Role, Time};
use crate::text::Name;

/// The most people who can work in one venue.
pub const MAX_STAFF: usize = 500;

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    /// What they are called.
    pub name: Name,
    /// What they do.
    pub role: Role,
    /// How a password is recognised.
    pub password: PasswordHash,
    /// When their sign-ins were last ended.
    pub signed_out_before: Time,
    /// The version at which their sign-ins were last ended: a sign-in names it, and is worth nothing once it has
    /// changed. Versions grow whatever clocks do.
    #[serde(default, skip_serializing_if = "is_none")]
    pub generation: Version,
    /// How a PIN is recognised, by which they take over a device that is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<PasswordHash>,
}

/// A password's hash in PHC string format, made and checked by the server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

impl Access {
    /// Refuses where that one is the only manager: nobody, not even the installation, locks a venue's people out.
    fn keeps_a_manager_without(&self, id: &StaffId) -> Result<(), Rejection> {
        let is_manager = |member: &StaffMember| member.role == Role::Manager;
        let others = || self.staff.iter().any(|(other, member)| other != id && is_manager(member));
        if self.staff.get(id).is_some_and(is_manager) && !others() { Err(Rejection::LastManager) } else { Ok(()) }
    }
}

/// Refuses a role that there isn't: a slip, or a word of a later release. Whoever had it could do nothing.
fn can_be_given(role: Role) -> Result<(), Rejection> {
    if Role::ALL.contains(&role) { Ok(()) } else { Err(Rejection::Malformed) }
}

/// The member of that id.
pub(super) fn known<'a>(access: &'a Access, id: &StaffId) -> Result<&'a StaffMember, Rejection> {
    access.staff.get(id).ok_or(Rejection::NoSuchMember)
}

/// Refuses unless somebody is there, and was not signed out everywhere since that generation.
pub(super) fn has_generation(access: &Access, id: &StaffId, generation: Version) -> Result<(), Rejection> {
    if known(access, id)?.generation == generation { Ok(()) } else { Err(Rejection::SignedOut) }
}

pub(super) fn set(
    access: &Access,
    id: StaffId,
    name: Name,
    role: Role,
    password: PasswordHash,
) -> Result<Vec<AccessEvent>, Rejection> {
    if access.staff.len() >= MAX_STAFF && !access.staff.contains_key(&id) {
        return Err(Rejection::RecordFull);
    }
    can_be_given(role)?;
    if role != Role::Manager {
        access.keeps_a_manager_without(&id)?;
    }
    let becomes_manager = |member: &StaffMember| role == Role::Manager && member.role != Role::Manager && member.pin.is_some();
    let loses_pin = access.staff.get(&id).is_some_and(becomes_manager).then(|| AccessEvent::PinSet { id: id.clone(), pin: None });
    Ok([AccessEvent::StaffSet { id, name, role, password }].into_iter().chain(loses_pin).collect())
}

pub(super) fn add(
    access: &Access,
    id: StaffId,
    name: Name,
    role: Role,
    password: PasswordHash,
) -> Result<Vec<AccessEvent>, Rejection> {
    if access.staff.contains_key(&id) {
        return Err(Rejection::IdTaken);
    }
    set(access, id, name, role, password)
}

pub(super) fn change(
    access: &Access,
    id: StaffId,
    name: Option<Name>,
    role: Option<Role>,
) -> Result<Vec<AccessEvent>, Rejection> {
    let member = known(access, &id)?;
    let (name, role) = (name.unwrap_or_else(|| member.name.clone()), role.unwrap_or(member.role));
    if name == member.name && role == member.role {
        return Err(Rejection::Unchanged);
    }
    // What a later release has recorded may stay.
    if role != member.role {
        can_be_given(role)?;
    }
    if role != Role::Manager {
        access.keeps_a_manager_without(&id)?;
    }
    // A manager's PIN is longer, and how long this one is nobody knows.
    let becomes_manager = role == Role::Manager && member.role != Role::Manager;
    let loses_pin = (becomes_manager && member.pin.is_some()).then(|| AccessEvent::PinSet { id: id.clone(), pin: None });
    Ok([AccessEvent::StaffChanged { id, name, role }].into_iter().chain(loses_pin).collect())
}

pub(super) fn set_pin(access: &Access, id: StaffId, pin: Option<PasswordHash>) -> Result<Vec<AccessEvent>, Rejection> {
    if known(access, &id)?.pin.is_none() && pin.is_none() {
        return Err(Rejection::Unchanged);
    }
    Ok(vec![AccessEvent::PinSet { id, pin }])
}

pub(super) fn remove(access: &Access, id: StaffId) -> Result<Vec<AccessEvent>, Rejection> {
    known(access, &id)?;
    access.keeps_a_manager_without(&id)?;
    Ok(vec![AccessEvent::StaffLeft { id }])
}

pub(super) fn was_set(
    access: &mut Access,
    id: StaffId,
    name: Name,
    role: Role,
    password: PasswordHash,
    recorded: &Recorded<AccessEvent>,
) {
    let pin = access.staff.remove(&id).and_then(|member| member.pin);
    let (signed_out_before, generation) = (recorded.at, recorded.version);
    access.staff.insert(id, StaffMember { name, role, password, signed_out_before, generation, pin });
}

pub(super) fn was_changed(access: &mut Access, id: &StaffId, name: Name, role: Role) {
    if let Some(member) = access.staff.get_mut(id) {
        member.name = name;
        member.role = role;
    }
}

pub(super) fn has_password(access: &mut Access, id: &StaffId, password: PasswordHash, recorded: &Recorded<AccessEvent>) {
    if let Some(member) = access.staff.get_mut(id) {
        member.password = password;
    }
    was_signed_out(access, id, recorded);
}

pub(super) fn has_pin(access: &mut Access, id: &StaffId, pin: Option<PasswordHash>, recorded: &Recorded<AccessEvent>) {
    if let Some(member) = access.staff.get_mut(id) {
        member.pin = pin;
    }
    was_signed_out(access, id, recorded);
}

pub(super) fn was_signed_out(access: &mut Access, id: &StaffId, recorded: &Recorded<AccessEvent>) {
    if let Some(member) = access.staff.get_mut(id) {
        // What earlier releases compare: a sign-in of this very millisecond is ended too.
        member.signed_out_before = Time(recorded.at.0.saturating_add(1));
        member.generation = recorded.version;
    }
}
