//! What a guest's phone holds: its own seating and the menu.

use domain::menu::Menu;
use domain::replica::Replica;
use domain::seating::{RoundsCommand, Seating, SeatingCommand};
use domain::wire::{Answer, Caught, Hello, PROTOCOL, StreamEvents, Surface, Sync, Welcome};
use domain::{Actor, GuestNo, LineId, MutationId, SeatingId, StreamId, Time, VenueId};
use leptos::prelude::*;
use leptos::reactive::send_wrapper_ext::SendOption;
use serde_json::value::to_raw_value;
use uuid::Uuid;

use super::channel::{Channel, Holder, Link, Notice};
use super::clock::Clock;
use super::outbox::Ask;
use super::release;
use super::take::{catch_up, push_notice, take_events};
use crate::api::guests::Place;

/// What a guest's phone holds. Copied freely: it is handles.
#[derive(Clone, Copy)]
pub struct GuestTable {
    venue: StoredValue<VenueId>,
    epoch: StoredValue<String>,
    seating_id: SeatingId,
    /// Who of the party this phone is.
    pub me: GuestNo,
    seating: RwSignal<Replica<Seating>>,
    menu: RwSignal<Replica<Menu>>,
    /// What is shown: confirmed, and pending as it would turn out.
    pub view: Memo<Seating>,
    /// How the connection is.
    pub link: RwSignal<Link>,
    /// The number by which the party lets others in, where it has one.
    pub number: StoredValue<Option<String>>,
    /// What was refused, newest last.
    pub notices: RwSignal<Vec<Notice>>,
    /// The server's time.
    pub clock: Clock,
    /// The connection, which only the thread of the page that made it may touch. On the server there is
    /// none, and its place may be let go of by any thread.
    channel: StoredValue<SendOption<Channel<GuestTable>>>,
}

impl GuestTable {
    /// Starts from what the server rendered; none for whoever has no seat.
    pub fn new(venue: VenueId, place: Place, menu: Menu, epoch: String, now: Time) -> Option<Self> {
        let Place::Seated { seating: seating_id, guest: me, state, number } = place else { return None };
        let seating = RwSignal::new(Replica::new(*state));
        let menu = RwSignal::new(Replica::new(menu));
        let actor = Actor::Guest(me);
        let view = Memo::new(move |_| menu.with(|menu| seating.with(|seating| seating.view(&actor, menu.confirmed()))));
        Some(Self {
            venue: StoredValue::new(venue),
            epoch: StoredValue::new(epoch),
            seating_id,
            me,
            seating,
            menu,
            view,
            link: RwSignal::new(Link::Connecting),
            number: StoredValue::new(number),
            notices: RwSignal::new(Vec::new()),
            clock: Clock::at(now),
            channel: StoredValue::new(SendOption::new_local(None)),
        })
    }

    /// Connects, once. In the browser only: call it from an effect.
    pub fn connect(self) {
        if self.channel.with_value(|channel| channel.is_some()) {
            return;
        }
        self.clock.run();
        let kept_as = format!("comanda.outbox.{}.{}", self.seating_id, self.me.0);
        self.channel.set_value(SendOption::new_local(Channel::open(self, self.link, self.epoch.get_value(), kept_as)));
    }

    /// The menu, live.
    pub fn menu<R>(self, read: impl FnOnce(&Menu) -> R) -> R {
        self.menu.with(|menu| read(menu.confirmed()))
    }

    /// Asks for something to be done. It shows at once, and ends as the server decides.
    pub fn ask(self, command: impl Into<SeatingCommand>) -> MutationId {
        self.ask_this(command.into())
    }

    fn ask_this(self, command: SeatingCommand) -> MutationId {
        let mutation = MutationId::new(Uuid::new_v4());
        let (stream, written) = (StreamId::Seating(self.seating_id), to_raw_value(&command).unwrap_or_default());
        let ask = Ask { mutation, stream, command: written, again: false };
        let at = self.clock.read();
        let fits = self.seating.try_update(|seating| seating.submit(mutation, command, at)).unwrap_or(false);
        if fits {
            self.channel.with_value(|channel| channel.as_ref().is_some_and(|channel| channel.ask(ask)));
        } else {
            self.tell(domain::Rejection::TooFast);
        }
        mutation
    }

    /// Whether the server has not confirmed this line as it is shown.
    pub fn is_pending(self, line: LineId) -> bool {
        self.seating.with(|seating| {
            seating.pending().iter().any(
                |pending| matches!(&pending.command, SeatingCommand::Cart(command) if command.line(pending.mutation) == line),
            )
        })
    }

    /// How many commands the server has not confirmed.
    pub fn pending_count(self) -> usize {
        self.seating.with(|seating| seating.pending().len())
    }

    /// Whether a round is being sent.
    pub fn is_sending(self) -> bool {
        self.seating
            .with(|s| s.pending().iter().any(|p| matches!(p.command, SeatingCommand::Rounds(RoundsCommand::SendRound { .. }))))
    }

    /// Lines of the cart that can't be had any more.
    pub fn sold_out_lines(self) -> Vec<LineId> {
        self.view.with(|seating| {
            self.menu(|menu| {
                let gone = |line: &&domain::seating::Line| menu.can_be_had(&line.dish, &line.choices()).is_err();
                seating.cart.iter().filter(gone).map(|line| line.id).collect()
            })
        })
    }

    /// Takes a notice away.
    pub fn dismiss(self, id: u32) {
        self.notices.update(|notices| notices.retain(|notice| notice.id != id));
    }

    /// Tells why something was, or would be, refused.
    pub fn tell(self, reason: domain::Rejection) {
        // Somebody was faster, or it was tapped twice: what is wished is so.
        if reason == domain::Rejection::Unchanged {
            return;
        }
        self.notices.update(|notices| push_notice(notices, reason));
    }
}

impl Holder for GuestTable {
    fn hello(&self) -> Hello {
        Hello { protocol: PROTOCOL, venue: self.venue.get_value(), surface: Surface::Guest }
    }

    fn have(&self) -> Sync {
        let seating = (StreamId::Seating(self.seating_id), self.seating.with_untracked(Replica::version));
        let menu = (StreamId::Menu(self.venue.get_value()), self.menu.with_untracked(Replica::version));
        Sync { streams: [seating, menu].into() }
    }

    fn welcomed(&self, welcome: &Welcome) {
        self.clock.set(welcome.now);
        let table = *self;
        release::renew(welcome, move || table.link.get_untracked() == Link::Live && untrack(|| table.pending_count() == 0));
    }

    fn caught(&self, caught: Caught) {
        match caught.stream {
            StreamId::Seating(id) if id == self.seating_id => self.seating.update(|seating| catch_up(seating, &caught)),
            StreamId::Menu(_) => self.menu.update(|menu| catch_up(menu, &caught)),
            _ => {}
        }
    }

    fn arrived(&self, arrived: StreamEvents) -> bool {
        match arrived.stream {
            StreamId::Seating(id) if id == self.seating_id => {
                self.seating.try_update(|seating| take_events(seating, &arrived.events)).unwrap_or(true)
            }
            StreamId::Menu(_) => self.menu.try_update(|menu| take_events(menu, &arrived.events)).unwrap_or(true),
            _ => true,
        }
    }

    fn answered(&self, ask: &Ask, answer: &Answer) -> bool {
        match *answer {
            Answer::Accepted { version } => {
                self.seating.update(|seating| seating.accepted(ask.mutation, version));
                self.seating.with_untracked(Replica::version) < version
            }
            Answer::Refused { reason, .. } => {
                self.seating.update(|seating| {
                    seating.refused(ask.mutation);
                });
                self.tell(reason);
                false
            }
        }
    }
}
