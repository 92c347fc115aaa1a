//! What a screen of the staff holds: the venue's floor, its menu, and every open seating.

use std::collections::BTreeMap;

use domain::floor::Floor;
use domain::menu::{Menu, MenuCommand};
use domain::replica::{Pending, Replica};
use domain::seating::{Seating, SeatingCommand};
use domain::sorted::Map;
use domain::visit::VisitCommand;
use domain::wire::{Answer, Caught, Hello, PROTOCOL, StreamEvents, Surface, Sync, Welcome};
use domain::{Actor, MutationId, SeatingId, StreamId, VenueId};
use leptos::prelude::*;
use leptos::reactive::send_wrapper_ext::SendOption;
use serde::Serialize;
use serde_json::value::to_raw_value;
use uuid::Uuid;

use super::channel::{Channel, Holder, Link, Notice};
use super::clock::Clock;
use super::outbox::Ask;
use super::release;
use super::take::{catch_up, push_notice, take_events};
use crate::api::staff::StaffData;
use crate::device;

/// What a screen of the staff holds. Copied freely: it is handles.
#[derive(Clone, Copy)]
pub struct House {
    venue: StoredValue<VenueId>,
    epoch: StoredValue<String>,
    actor: StoredValue<Actor>,
    floor: RwSignal<Replica<Floor>>,
    menu: RwSignal<Replica<Menu>>,
    seatings: RwSignal<BTreeMap<SeatingId, ArcRwSignal<Replica<Seating>>>>,
    /// Commands to the floor that wait for an answer: they are not shown before they are true.
    pub waiting: RwSignal<Vec<(MutationId, VisitCommand)>>,
    /// How the connection is.
    pub link: RwSignal<Link>,
    /// What was refused, newest last.
    pub notices: RwSignal<Vec<Notice>>,
    /// The server is of a later release than this page.
    pub is_outdated: RwSignal<bool>,
    /// The server's time.
    pub clock: Clock,
    /// The connection, which only the thread of the page that made it may touch. On the server there is
    /// none, and its place may be let go of by any thread.
    channel: StoredValue<SendOption<Channel<House>>>,
}

impl House {
    /// Starts from what the server rendered.
    pub fn new(data: StaffData) -> Self {
        let seatings = data.seatings.into_iter().map(|(id, state)| (id, ArcRwSignal::new(Replica::new(state)))).collect();
        Self {
            venue: StoredValue::new(data.venue),
            epoch: StoredValue::new(data.epoch),
            actor: StoredValue::new(Actor::Staff { id: data.staff, role: data.role, device: Some(data.device) }),
            floor: RwSignal::new(Replica::new(data.floor)),
            menu: RwSignal::new(Replica::new(data.menu)),
            seatings: RwSignal::new(seatings),
            waiting: RwSignal::new(Vec::new()),
            link: RwSignal::new(Link::Connecting),
            notices: RwSignal::new(Vec::new()),
            is_outdated: RwSignal::new(false),
            clock: Clock::at(data.now),
            channel: StoredValue::new(SendOption::new_local(None)),
        }
    }

    /// Connects, once. In the browser only: call it from an effect.
    pub fn connect(self) {
        if self.channel.with_value(|channel| channel.is_some()) {
            return;
        }
        self.clock.run();
        let venue = self.venue.get_value();
        let kept_as = format!("comanda.outbox.{venue}");
        self.channel.set_value(SendOption::new_local(Channel::open(self, self.link, self.epoch.get_value(), kept_as)));
    }

    /// The floor, live.
    pub fn floor<R>(self, read: impl FnOnce(&Floor) -> R) -> R {
        self.floor.with(|floor| read(floor.confirmed()))
    }

    /// The menu, live.
    pub fn menu<R>(self, read: impl FnOnce(&Menu) -> R) -> R {
        self.menu.with(|menu| read(menu.confirmed()))
    }

    /// The open seatings, live, as they are shown: confirmed, and pending as it would turn out.
    pub fn seatings(self) -> Vec<(SeatingId, Seating)> {
        let actor = self.actor.get_value();
        let handles: Vec<_> = self.seatings.with(|all| all.iter().map(|(id, s)| (*id, s.clone())).collect());
        self.menu(|menu| handles.into_iter().map(|(id, s)| (id, s.with(|replica| replica.view(&actor, menu)))).collect())
    }

    /// Reads every open seating, live: as it is shown, and as the server has confirmed it. Where they
    /// differ, something is still under way. It copies only where they may.
    pub fn each_seating(self, read: &mut dyn FnMut(SeatingId, &Seating, &Seating)) {
        let actor = self.actor.get_value();
        let handles: Vec<_> = self.seatings.with(|all| all.iter().map(|(id, s)| (*id, s.clone())).collect());
        self.menu(|menu| {
            for (id, seating) in handles {
                seating.with(|replica| match replica.pending() {
                    [] => read(id, replica.confirmed(), replica.confirmed()),
                    _ => read(id, &replica.view(&actor, menu), replica.confirmed()),
                });
            }
        });
    }

    /// Reads one open seating, live: as it is shown, and as the server has confirmed it.
    pub fn read_seating<R>(self, id: SeatingId, read: impl FnOnce(&Seating, &Seating) -> R) -> Option<R> {
        let actor = self.actor.get_value();
        let handle = self.seatings.with(|all| all.get(&id).cloned())?;
        Some(self.menu(|menu| handle.with(|replica| read(&replica.view(&actor, menu), replica.confirmed()))))
    }

    /// What was asked of the menu and waits for the server, live.
    pub fn menu_waiting<R>(self, read: impl FnOnce(&[Pending<MenuCommand>]) -> R) -> R {
        self.menu.with(|menu| read(menu.pending()))
    }

    /// One open seating, live, as it is shown.
    pub fn seating(self, id: SeatingId) -> Option<Seating> {
        let actor = self.actor.get_value();
        let handle = self.seatings.with(|all| all.get(&id).cloned())?;
        Some(self.menu(|menu| handle.with(|replica| replica.view(&actor, menu))))
    }

    /// Asks something of a seating. It shows at once, and ends as the server decides.
    pub fn ask_seating(self, id: SeatingId, command: impl Into<SeatingCommand>) {
        self.ask_seating_this(id, command.into());
    }

    fn ask_seating_this(self, id: SeatingId, command: SeatingCommand) {
        let Some(handle) = self.seatings.with_untracked(|all| all.get(&id).cloned()) else { return };
        let (mutation, at) = (MutationId::new(Uuid::new_v4()), self.clock.read());
        let ask = ask(mutation, StreamId::Seating(id), &command);
        if handle.try_update(|seating| seating.submit(mutation, command, at)).unwrap_or(false) {
            self.send(ask);
        }
    }

    /// Asks for a table to be opened or closed.
    pub fn ask_visit(self, command: VisitCommand) {
        let mutation = MutationId::new(Uuid::new_v4());
        let ask = ask(mutation, StreamId::Floor(self.venue.get_value()), &command);
        self.waiting.update(|waiting| waiting.push((mutation, command)));
        self.send(ask);
    }

    /// Asks something of the menu.
    pub fn ask_menu(self, command: MenuCommand) {
        let (mutation, at) = (MutationId::new(Uuid::new_v4()), self.clock.read());
        let ask = ask(mutation, StreamId::Menu(self.venue.get_value()), &command);
        if self.menu.try_update(|menu| menu.submit(mutation, command, at)).unwrap_or(false) {
            self.send(ask);
        }
    }

    /// Takes a notice away.
    pub fn dismiss(self, id: u32) {
        self.notices.update(|notices| notices.retain(|notice| notice.id != id));
    }

    fn send(self, ask: Ask) {
        self.channel.with_value(|channel| channel.as_ref().is_some_and(|channel| channel.ask(ask)));
    }

    /// A seating's replica; one that is new here starts empty.
    fn replica_of(self, id: SeatingId) -> ArcRwSignal<Replica<Seating>> {
        if let Some(known) = self.seatings.with_untracked(|all| all.get(&id).cloned()) {
            return known;
        }
        let fresh = ArcRwSignal::new(Replica::default());
        self.seatings.update(|all| {
            all.insert(id, fresh.clone());
        });
        fresh
    }

    /// Whether all that was asked is answered, and nothing is lost where the page is loaded anew. A page that may make
    /// sounds waits for a tap: the next one would be silent, and nobody would know.
    fn is_idle(self) -> bool {
        self.link.get_untracked() == Link::Live
            && !device::may_sound()
            && self.waiting.with_untracked(Vec::is_empty)
            && self.menu.with_untracked(|menu| menu.pending().is_empty())
            && self.seatings.with_untracked(|all| all.values().all(|s| s.with_untracked(|s| s.pending().is_empty())))
    }

    /// Lets go of seatings that no table has: of a log that is not the server's any more.
    fn forget_strangers(self) {
        let known: Vec<_> =
            self.floor.with_untracked(|floor| floor.confirmed().seated.values().map(|seated| seated.seating).collect());
        self.seatings.update(|all| all.retain(|id, _| known.contains(id)));
    }

    /// Lets go of seatings that have ended.
    fn forget_closed(self) {
        let closed = |seating: &ArcRwSignal<Replica<Seating>>| seating.with_untracked(|s| s.confirmed().stay.is_closed());
        if self.seatings.with_untracked(|all| all.values().any(closed)) {
            self.seatings.update(|all| all.retain(|_, seating| !closed(seating)));
        }
    }
}

fn ask<C: Serialize>(mutation: MutationId, stream: StreamId, command: &C) -> Ask {
    Ask { mutation, stream, command: to_raw_value(command).unwrap_or_default(), again: false }
}

impl Holder for House {
    fn hello(&self) -> Hello {
        Hello { protocol: PROTOCOL, venue: self.venue.get_value(), surface: Surface::Staff }
    }

    fn have(&self) -> Sync {
        let venue = self.venue.get_value();
        let mut streams = self.seatings.with_untracked(|all| {
            all.iter().map(|(id, s)| (StreamId::Seating(*id), s.with_untracked(Replica::version))).collect::<Map<_, _>>()
        });
        streams.insert(StreamId::Floor(venue.clone()), self.floor.with_untracked(Replica::version));
        streams.insert(StreamId::Menu(venue), self.menu.with_untracked(Replica::version));
        Sync { streams }
    }

    fn welcomed(&self, welcome: &Welcome) {
        self.clock.set(welcome.now);
        self.actor.set_value(welcome.actor.clone());
        self.is_outdated.set(release::is_later(welcome));
        let house = *self;
        release::renew(welcome, move || house.is_idle());
    }

    fn caught(&self, caught: Caught) {
        match caught.stream {
            StreamId::Floor(_) => {
                self.floor.update(|floor| catch_up(floor, &caught));
                if caught.anew {
                    self.forget_strangers();
                }
            }
            StreamId::Menu(_) => self.menu.update(|menu| catch_up(menu, &caught)),
            StreamId::Seating(id) => self.replica_of(id).update(|seating| catch_up(seating, &caught)),
            StreamId::Access(_) => {}
        }
        self.forget_closed();
    }

    fn arrived(&self, arrived: StreamEvents) -> bool {
        let complete = match arrived.stream {
            StreamId::Floor(_) => self.floor.try_update(|floor| take_events(floor, &arrived.events)),
            StreamId::Menu(_) => self.menu.try_update(|menu| take_events(menu, &arrived.events)),
            StreamId::Seating(id) => self.replica_of(id).try_update(|seating| take_events(seating, &arrived.events)),
            StreamId::Access(_) => None,
        };
        self.forget_closed();
        complete.unwrap_or(true)
    }

    fn answered(&self, ask: &Ask, answer: &Answer) -> bool {
        self.waiting.update(|waiting| waiting.retain(|(mutation, _)| *mutation != ask.mutation));
        match *answer {
            Answer::Accepted { version } => match &ask.stream {
                StreamId::Menu(_) => {
                    self.menu.update(|menu| menu.accepted(ask.mutation, version));
                    self.menu.with_untracked(Replica::version) < version
                }
                StreamId::Seating(id) => self.seatings.with_untracked(|all| all.get(id).cloned()).is_some_and(|seating| {
                    seating.update(|seating| seating.accepted(ask.mutation, version));
                    seating.with_untracked(Replica::version) < version
                }),
                StreamId::Floor(_) | StreamId::Access(_) => self.floor.with_untracked(Replica::version) < version,
            },
            Answer::Refused { reason, .. } => {
                self.menu.update(|menu| {
                    menu.refused(ask.mutation);
                });
                if let StreamId::Seating(id) = &ask.stream
                    && let Some(seating) = self.seatings.with_untracked(|all| all.get(id).cloned())
                {
                    seating.update(|seating| {
                        seating.refused(ask.mutation);
                    });
                }
                if reason != domain::Rejection::Unchanged {
                    self.notices.update(|notices| push_notice(notices, reason));
                }
                false
            }
        }
    }
}
