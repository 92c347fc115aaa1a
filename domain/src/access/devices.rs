//! Tablets and walls that are signed in.
//!
//! A device belongs to the house: somebody signs it in once, by password, and people take it over by PIN. Whoever signed it
//! in answers for it: it is signed out when they are, when they have another password, and when they leave, so that a
//! phone of theirs does not stay one of the house's. What a cookie holds is a [`SignIn`]; whether it still counts is looked
//! up at each command, by versions alone: no clock is compared.

use serde::{Deserialize, Serialize};

use super::{Access, AccessEvent};
use crate::Version;
use crate::ids::{DeviceNo, StaffId};
use crate::rejection::Rejection;
use crate::stream::{Recorded, Role, Time};
use crate::text::Name;

/// The most devices that are known in one venue. One more takes the place of one that nobody is signed in on, or else of the
/// one that was signed in longest ago.
pub const MAX_DEVICES: usize = 200;
/// The most of them that one member has signed in. One more takes the place of their own oldest: nobody signs the house out
/// by signing in.
pub const MAX_DEVICES_OF_ONE: usize = 50;

/// A device that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// What a manager calls it, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// What it is, as it said itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Name>,
    /// The version at which what is signed in there was last begun or ended: a sign-in names it.
    pub generation: Version,
    /// Who signed it in by password; none: nobody is signed in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in_by: Option<StaffId>,
    /// When they did.
    pub signed_in_at: Time,
}

/// Somebody's sign-in on a device, as a cookie names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SignIn {
    /// Who acts there.
    pub member: StaffId,
    /// The member's generation then.
    pub member_generation: Version,
    /// On which device.
    pub device: DeviceNo,
    /// The device's generation then.
    pub device_generation: Version,
}

impl Access {
    /// The role of whoever is signed in so, if that sign-in still counts.
    pub fn role_of(&self, sign_in: &SignIn) -> Option<Role> {
        let member = self.staff.get(&sign_in.member)?;
        let counts = self.is_device_signed_in(sign_in) && member.generation == sign_in.member_generation;
        counts.then_some(member.role)
    }

    /// Whether a device is still signed in as it was then, whoever is on it now.
    pub fn is_device_signed_in(&self, sign_in: &SignIn) -> bool {
        let device = self.devices.get(&sign_in.device);
        device.is_some_and(|device| device.signed_in_by.is_some() && device.generation == sign_in.device_generation)
    }

    /// The device on which somebody signed in at that version.
    pub fn device_signed_in_at(&self, version: Version) -> Option<DeviceNo> {
        self.devices.iter().find(|(_, device)| device.generation == version).map(|(number, _)| *number)
    }

    /// How somebody is signed in on a device now, where both are known.
    pub fn sign_in(&self, member: &StaffId, device: DeviceNo) -> Option<SignIn> {
        Some(SignIn {
            member: member.clone(),
            member_generation: self.staff.get(member)?.generation,
            device,
            device_generation: self.devices.get(&device)?.generation,
        })
    }
}

fn known(access: &Access, device: DeviceNo) -> Result<&Device, Rejection> {
    access.devices.get(&device).ok_or(Rejection::NoSuchDevice)
}

pub(super) fn sign_in(
    access: &Access,
    device: Option<DeviceNo>,
    id: StaffId,
    kind: Option<Name>,
) -> Result<Vec<AccessEvent>, Rejection> {
    if let Some(device) = device.filter(|device| access.devices.contains_key(device)) {
        return Ok(vec![AccessEvent::DeviceSignedIn { device, id, kind }]);
    }
    let next = DeviceNo(access.last_device.map_or(1, |last| last.0.saturating_add(1)));
    let mut events = Vec::new();
    let of_theirs = || access.devices.iter().filter(|(_, device)| device.signed_in_by.as_ref() == Some(&id));
    let gives_way = if of_theirs().count() >= MAX_DEVICES_OF_ONE {
        of_theirs().min_by_key(|(_, device)| device.signed_in_at)
    } else if access.devices.len() >= MAX_DEVICES {
        access.devices.iter().min_by_key(|(_, device)| (device.signed_in_by.is_some(), device.signed_in_at))
    } else {
        None
    };
    events.extend(gives_way.map(|(device, _)| AccessEvent::DeviceRemoved { device: *device }));
    events.push(AccessEvent::DeviceSignedIn { device: next, id, kind });
    Ok(events)
}

pub(super) fn name(access: &Access, device: DeviceNo, name: Name) -> Result<Vec<AccessEvent>, Rejection> {
    if known(access, device)?.name.as_ref() == Some(&name) {
        return Err(Rejection::Unchanged);
    }
    Ok(vec![AccessEvent::DeviceNamed { device, name }])
}

pub(super) fn sign_out(access: &Access, device: DeviceNo) -> Result<Vec<AccessEvent>, Rejection> {
    if known(access, device)?.signed_in_by.is_none() {
        return Err(Rejection::Unchanged);
    }
    Ok(vec![AccessEvent::DeviceSignedOut { device }])
}

pub(super) fn remove(access: &Access, device: DeviceNo) -> Result<Vec<AccessEvent>, Rejection> {
    known(access, device)?;
    Ok(vec![AccessEvent::DeviceRemoved { device }])
}

pub(super) fn was_signed_in(
    access: &mut Access,
    number: DeviceNo,
    id: StaffId,
    kind: Option<Name>,
    recorded: &Recorded<AccessEvent>,
) {
    let name = access.devices.remove(&number).and_then(|device| device.name);
    let (generation, signed_in_at) = (recorded.version, recorded.at);
    access.devices.insert(number, Device { name, kind, generation, signed_in_by: Some(id), signed_in_at });
    access.last_device = access.last_device.max(Some(number));
}

pub(super) fn was_named(access: &mut Access, number: DeviceNo, name: Name) {
    if let Some(device) = access.devices.get_mut(&number) {
        device.name = Some(name);
    }
}

pub(super) fn was_signed_out(access: &mut Access, number: DeviceNo, version: Version) {
    if let Some(device) = access.devices.get_mut(&number) {
        device.signed_in_by = None;
        device.generation = version;
    }
}

/// Whoever signed these in is signed out, or has left.
pub(super) fn of_member_were_signed_out(access: &mut Access, id: &StaffId, version: Version) {
    for device in access.devices.values_mut().filter(|device| device.signed_in_by.as_ref() == Some(id)) {
        device.signed_in_by = None;
        device.generation = version;
    }
}

pub(super) fn all_were_signed_out(access: &mut Access, version: Version) {
    for device in access.devices.values_mut() {
        device.signed_in_by = None;
        device.generation = version;
    }
}
