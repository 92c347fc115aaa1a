//! The access stream of a venue: who works here as what, which devices are signed in, and which code leads to which
//! table.
//!
//! It is a stream like the others, so that a renewed code or a sign-out reaches every server the way
//! an order does; but it never leaves the servers.
//!
//! - [`people`]: who works here, with which role, password and PIN
//! - [`devices`]: tablets and walls that are signed in
//! - [`codes`]: what leads to a table

mod codes;
mod devices;
mod people;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use devices::{Device, MAX_DEVICES, MAX_DEVICES_OF_ONE, SignIn};
pub use people::{MAX_STAFF, PasswordHash, StaffMember};

use crate::Version;
use crate::fold::{Context, Fold};
use crate::ids::{DeviceNo, StaffId, TableId, TableToken};
use crate::rejection::Rejection;
use crate::stream::{Actor, Progress, REMEMBERED_FOR_LONG, Recorded, Role};
use crate::text::Name;

/// Who may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// How far the stream was folded.
    pub progress: Progress,
    /// Who works here.
    pub staff: BTreeMap<StaffId, StaffMember>,
    /// Each table's code. A table has one; the old one stops working when it is renewed.
    pub tokens: BTreeMap<TableId, TableToken>,
    /// The devices that are known here, signed in or not.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub devices: BTreeMap<DeviceNo, Device>,
    /// The number of the last device that came; numbers are not given twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_device: Option<DeviceNo>,
}

/// What happens to who may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccessEvent {
    /// Somebody works here from now on, or does something else, or has another password. Their sign-ins have ended.
    StaffSet {
        /// Who.
        id: StaffId,
        /// What they are called.
        name: Name,
        /// What they do.
        role: Role,
        /// How a password is recognised.
        password: PasswordHash,
    },
    /// Somebody is called otherwise, or does something else.
    StaffChanged {
        /// Who.
        id: StaffId,
        /// What they are called.
        name: Name,
        /// What they do.
        role: Role,
    },
    /// Somebody has another password. Their sign-ins have ended.
    PasswordSet {
        /// Who.
        id: StaffId,
        /// How it is recognised.
        password: PasswordHash,
    },
    /// Somebody has another PIN, or none. Their sign-ins have ended.
    PinSet {
        /// Who.
        id: StaffId,
        /// How it is recognised.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pin: Option<PasswordHash>,
    },
    /// Somebody works here no longer.
    StaffLeft {
        /// Who.
        id: StaffId,
    },
    /// Every sign-in of theirs until now is worth nothing.
    StaffSignedOut {
        /// Who.
        id: StaffId,
    },
    /// Somebody signed in on a device, by password. What was signed in there before has ended.
    DeviceSignedIn {
        /// Which device; a new one has the next number.
        device: DeviceNo,
        /// Who.
        id: StaffId,
        /// What the device is, as it says itself: `Chrome on Android`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<Name>,
    },
    /// A device is called something.
    DeviceNamed {
        /// Which device.
        device: DeviceNo,
        /// What it is called.
        name: Name,
    },
    /// Nobody is signed in on a device any more.
    DeviceSignedOut {
        /// Which device.
        device: DeviceNo,
    },
    /// A device is forgotten.
    DeviceRemoved {
        /// Which device.
        device: DeviceNo,
    },
    /// Nobody is signed in on any device any more.
    EverybodySignedOut {},
    /// The table's code is this one from now on.
    TokenSet {
        /// Which table.
        table: TableId,
        /// Its code.
        token: TableToken,
    },
    /// A command that had been sent before is refused, and stays so (see [`Progress::refusal_of`]).
    Refused {
        /// Why.
        reason: Rejection,
    },
    /// The table has no code any more.
    TokenRemoved {
        /// Which table.
        table: TableId,
    },
    /// Something that a later release records; it changes nothing here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What can be asked about who may do what. Managers; everybody may sign themselves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccessCommand {
    /// Lets somebody work here, or changes what they do and how they sign in.
    SetStaff {
        /// Who.
        id: StaffId,
        /// What they are called.
        name: Name,
        /// What they do.
        role: Role,
        /// How a password is recognised.
        password: PasswordHash,
    },
    /// Lets somebody work here who does not yet.
    AddStaff {
        /// Who.
        id: StaffId,
        /// What they are called.
        name: Name,
        /// What they do.
        role: Role,
        /// How a password is recognised.
        password: PasswordHash,
    },
    /// Changes what somebody is called, or does.
    ChangeStaff {
        /// Who.
        id: StaffId,
        /// What they are called; none leaves it.
        #[serde(default)]
        name: Option<Name>,
        /// What they do; none leaves it.
        #[serde(default)]
        role: Option<Role>,
    },
    /// Gives somebody another password.
    SetPassword {
        /// Who.
        id: StaffId,
        /// How it is recognised.
        password: PasswordHash,
    },
    /// Gives somebody another PIN, or takes it away.
    SetPin {
        /// Who.
        id: StaffId,
        /// How it is recognised.
        #[serde(default)]
        pin: Option<PasswordHash>,
    },
    /// Ends somebody's work here.
    RemoveStaff {
        /// Who.
        id: StaffId,
    },
    /// Ends every sign-in of somebody.
    SignOut {
        /// Who.
        id: StaffId,
    },
    /// Somebody has signed in by password, which the server has checked. The installation.
    SignInDevice {
        /// On which device, if it is known here; else it becomes a new one.
        #[serde(default)]
        device: Option<DeviceNo>,
        /// Who.
        id: StaffId,
        /// The member's generation when the password was looked at: where it is another by now, they were signed out or have
        /// another password since.
        member_generation: Version,
        /// What the device is, as it says itself.
        #[serde(default)]
        kind: Option<Name>,
    },
    /// Calls a device something.
    NameDevice {
        /// Which device.
        device: DeviceNo,
        /// What it is to be called.
        name: Name,
    },
    /// Ends the sign-in of a device. Whoever is signed in there may.
    SignOutDevice {
        /// Which device.
        device: DeviceNo,
    },
    /// Forgets a device; what is signed in there ends.
    RemoveDevice {
        /// Which device.
        device: DeviceNo,
    },
    /// Ends the sign-ins of every device.
    SignOutEverybody {},
    /// Gives a table a code; the one before stops working.
    SetToken {
        /// Which table.
        table: TableId,
        /// Its code.
        token: TableToken,
    },
    /// Gives a table its code, if it has none.
    GiveToken {
        /// Which table.
        table: TableId,
        /// Its code.
        token: TableToken,
    },
    /// Ends a table's code: the table is gone.
    RemoveToken {
        /// Which table.
        table: TableId,
    },
}

/// Refuses whoever may not ask for that: managers may ask for everything but what the server alone knows, and everybody
/// may end their own sign-ins.
fn may_ask(actor: &Actor, command: &AccessCommand) -> Result<(), Rejection> {
    match (actor, command) {
        (Actor::System, _) => Ok(()),
        (_, AccessCommand::SignInDevice { .. }) => Err(Rejection::NotAllowed),
        (Actor::Staff { id: actor, .. }, AccessCommand::SignOut { id }) if actor == id => Ok(()),
        (Actor::Staff { device: Some(own), .. }, AccessCommand::SignOutDevice { device }) if own == device => Ok(()),
        _ => actor.must_be(&[]),
    }
}

impl Fold for Access {
    type Event = AccessEvent;
    type Command = AccessCommand;

    fn decide(&self, command: &AccessCommand, context: &Context<'_>) -> Result<Vec<AccessEvent>, Rejection> {
        may_ask(&context.actor, command)?;
        use AccessCommand as Do;
        match command.clone() {
            Do::SetStaff { id, name, role, password } => people::set(self, id, name, role, password),
            Do::AddStaff { id, name, role, password } => people::add(self, id, name, role, password),
            Do::ChangeStaff { id, name, role } => people::change(self, id, name, role),
            Do::SetPassword { id, password } => {
                people::known(self, &id)?;
                Ok(vec![AccessEvent::PasswordSet { id, password }])
            }
            Do::SetPin { id, pin } => people::set_pin(self, id, pin),
            Do::RemoveStaff { id } => people::remove(self, id),
            Do::SignOut { id } => {
                people::known(self, &id)?;
                Ok(vec![AccessEvent::StaffSignedOut { id }])
            }
            Do::SignInDevice { device, id, member_generation, kind } => {
                people::has_generation(self, &id, member_generation)?;
                devices::sign_in(self, device, id, kind)
            }
            Do::NameDevice { device, name } => devices::name(self, device, name),
            Do::SignOutDevice { device } => devices::sign_out(self, device),
            Do::RemoveDevice { device } => devices::remove(self, device),
            Do::SignOutEverybody {} => Ok(vec![AccessEvent::EverybodySignedOut {}]),
            Do::SetToken { table, token } => codes::set(self, table, token),
            Do::GiveToken { table, token } => codes::give(self, table, token),
            Do::RemoveToken { table } => codes::remove(self, table),
        }
    }

    fn evolve(&mut self, recorded: &Recorded<AccessEvent>) {
        self.progress.note(recorded, REMEMBERED_FOR_LONG);
        use AccessEvent as Did;
        match recorded.event.clone() {
            Did::StaffSet { id, name, role, password } => {
                devices::of_member_were_signed_out(self, &id, recorded.version);
                people::was_set(self, id, name, role, password, recorded);
            }
            Did::StaffChanged { id, name, role } => people::was_changed(self, &id, name, role),
            Did::PasswordSet { id, password } => {
                people::has_password(self, &id, password, recorded);
                devices::of_member_were_signed_out(self, &id, recorded.version);
            }
            Did::PinSet { id, pin } => people::has_pin(self, &id, pin, recorded),
            Did::StaffLeft { id } => {
                self.staff.remove(&id);
                devices::of_member_were_signed_out(self, &id, recorded.version);
            }
            Did::StaffSignedOut { id } => {
                people::was_signed_out(self, &id, recorded);
                devices::of_member_were_signed_out(self, &id, recorded.version);
            }
            Did::DeviceSignedIn { device, id, kind } => devices::was_signed_in(self, device, id, kind, recorded),
            Did::DeviceNamed { device, name } => devices::was_named(self, device, name),
            Did::DeviceSignedOut { device } => devices::was_signed_out(self, device, recorded.version),
            Did::DeviceRemoved { device } => drop(self.devices.remove(&device)),
            Did::EverybodySignedOut {} => devices::all_were_signed_out(self, recorded.version),
            Did::TokenSet { table, token } => drop(self.tokens.insert(table, token)),
            Did::TokenRemoved { table } => drop(self.tokens.remove(&table)),
            Did::Refused { reason } => self.progress.note_refusal(recorded.mutation, reason),
            Did::Unknown => {}
        }
    }

    fn refusal(reason: Rejection) -> AccessEvent {
        AccessEvent::Refused { reason }
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }
}

/// Whether a version is none: before anything happened.
fn is_none(version: &Version) -> bool {
    *version == 0
}
