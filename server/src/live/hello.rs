//! Who connects, and as what: the cookie proves it, the hello has to agree.

use std::convert::Infallible;
use std::sync::Arc;

use domain::wire::{self, Hello, PROTOCOL, RELEASE, Surface, Welcome};
use domain::{Actor, Rejection, StreamId, VenueId};
use socketioxide::adapter::Adapter;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::{FromConnectParts, Value};
use socketioxide::socket::Socket;

use super::Live;
use crate::clock;
use crate::guard::{Network, Person};
use crate::identity::{GuestPass, StaffPass};
use crate::service::Refusal;

/// What a screen said when it connected, if it can be read.
pub(super) struct Introduction(Result<Hello, String>);

impl<A: Adapter> FromConnectParts<A> for Introduction {
    type Error = Infallible;

    fn from_connect_parts(socket: &Arc<Socket<A>>, auth: &Option<Value>) -> Result<Self, Infallible> {
        let TryData(hello) = TryData::<Hello>::from_connect_parts(socket, auth)?;
        Ok(Self(hello.map_err(|error| error.to_string())))
    }
}

/// Who a socket is.
#[derive(Debug, Clone)]
pub enum Who {
    /// A guest's phone.
    Guest(GuestPass),
    /// A screen of the staff.
    Staff(StaffPass),
}

impl Who {
    /// The venue.
    pub fn venue(&self) -> &VenueId {
        match self {
            Self::Guest(pass) => &pass.venue,
            Self::Staff(pass) => &pass.venue,
        }
    }

    /// Whom limits count.
    pub fn person(&self) -> Person {
        match self {
            Self::Guest(pass) => Person::Guest(pass.seating, pass.guest),
            Self::Staff(pass) => Person::Device(pass.venue.clone(), pass.sign_in.device),
        }
    }

    /// Who acts, as it is at this moment: a role may have changed, a stay may have ended.
    pub async fn actor(&self, live: &Live) -> Result<Actor, Refusal> {
        match self.actor_as_held(live).await? {
            Ok(actor) => Ok(actor),
            Err(_) => {
                // They may have come from another server faster than what happened there.
                if !live.service.latest(&[self.decided_by()]).await {
                    // Nobody is sent away for good by a server that can't know.
                    return Err(Rejection::Unavailable.into());
                }
                Ok(self.actor_as_held(live).await??)
            }
        }
    }

    /// Whether this stream could be one that they are shown.
    pub(super) fn may_see(&self, stream: &StreamId) -> bool {
        match (self, stream) {
            (_, StreamId::Menu(venue)) | (Self::Staff(_), StreamId::Floor(venue)) => venue == self.venue(),
            (Self::Guest(pass), StreamId::Seating(id)) => *id == pass.seating,
            (Self::Staff(_), StreamId::Seating(_)) => true,
            (_, StreamId::Floor(_) | StreamId::Access(_)) => false,
        }
    }

    /// The stream that tells whether they may be here.
    fn decided_by(&self) -> StreamId {
        match self {
            Self::Guest(pass) => StreamId::Seating(pass.seating),
            Self::Staff(pass) => StreamId::Access(pass.venue.clone()),
        }
    }

    async fn actor_as_held(&self, live: &Live) -> Result<Result<Actor, Rejection>, Refusal> {
        Ok(match self {
            Self::Guest(pass) => {
                let seating = live.service.seating(pass.seating).await?.state;
                let here = seating.stay.is_open() && seating.is_here_since(pass.guest, pass.returns);
                if here { Ok(Actor::Guest(pass.guest)) } else { Err(Rejection::NotSeated) }
            }
            Self::Staff(pass) => {
                let access = live.service.access(&pass.venue).await?.state;
                let role = access.role_of(&pass.sign_in).ok_or(Rejection::SignedOut);
                let (member, device) = (&pass.sign_in.member, pass.sign_in.device);
                role.map(|role| Actor::Staff { id: member.clone(), role, device: Some(device) })
            }
        })
    }
}

/// Lets a screen in, or tells why not: Socket.IO's `connect_error`, whose message is the reason's name.
pub(super) async fn check(live: &Live, socket: &SocketRef, introduction: Introduction) -> Result<Who, String> {
    let hello = introduction.0.map_err(|error| format!("malformed: {error}"))?;
    if hello.protocol != PROTOCOL {
        return Err(format!("protocol: this server speaks version {PROTOCOL}"));
    }
    if live.delivery.is_stopping() {
        return Err(name(Rejection::Unavailable));
    }
    let headers = &socket.req_parts().headers;
    let who = match hello.surface {
        Surface::Guest => live.passes.guest(&hello.venue, headers).map(Who::Guest),
        Surface::Staff => live.passes.staff(&hello.venue, headers).map(Who::Staff),
    };
    let who = who.ok_or_else(|| name(Rejection::SignedOut))?;
    let refused = |refusal: Refusal| name(refusal.reason);
    let actor = match who.actor_as_held(live).await.map_err(refused)? {
        // Whoever that is: what is no longer worth anything uses up nothing of theirs.
        Ok(_) if !live.persons.may_connect(&who.person()) => return Err(name(Rejection::TooFast)),
        Ok(actor) => actor,
        Err(_) if !live.persons.may_look_again(Network::of(&socket.req_parts().extensions)) => {
            return Err(name(Rejection::TooFast));
        }
        Err(_) => who.actor(live).await.map_err(refused)?,
    };
    socket.extensions.insert(who.clone());
    socket.extensions.insert(Taken(actor));
    Ok(who)
}

/// Who a screen was taken for when it connected.
#[derive(Clone)]
struct Taken(Actor);

/// Tells a screen who it is taken for, and what time it is.
pub(super) fn welcome(live: &Live, socket: &SocketRef, who: &Who) {
    let Some(Taken(actor)) = socket.extensions.get::<Taken>() else { return };
    let seating = match who {
        Who::Guest(pass) => Some(pass.seating),
        Who::Staff(_) => None,
    };
    let epoch = Some(live.service.log().epoch().as_str().to_owned());
    let welcome = Welcome { protocol: PROTOCOL, actor, seating, now: clock::now(), release: Some(RELEASE), epoch };
    if let Err(error) = socket.emit(wire::WELCOME, &welcome) {
        tracing::debug!(%error, "a screen left before it was greeted");
    }
}

/// A reason's name on the wire.
pub(super) fn name(reason: Rejection) -> String {
    serde_json::to_value(reason).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
