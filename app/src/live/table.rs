//! What a guest's phone holds: its own seating and the menu.

use std::collections::BTreeSet;

use domain::menu::Menu;
use domain::replica::{Arrival, Replica};
use domain::seating::{Seating, SeatingCommand};
use domain::wire::{Answer, Ask, Caught, Hello, PROTOCOL, StreamEvents, Surface, Sync, Welcome};
use domain::{Actor, Fold, GuestNo, LineId, MutationId, Recorded, SeatingId, StreamId, VenueId};
use leptos::prelude::*;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::channel::{Channel, Holder, Link, Notice};
use super::clock::Clock;

/// What a guest's phone holds. Copied freely: it is handles.
#[derive(Clone, Copy)]
pub struct GuestTable {
    venue: StoredValue<VenueId>,
    seating_id: SeatingId,
    /// Who of the party this phone is.
    pub me: GuestNo,
    seating: RwSignal<Replica<Seating>>,
    menu: RwSignal<Replica<Menu>>,
    /// What is shown: confirmed, and pending as it would turn out.
    pub view: Memo<Seating>,
    /// How the connection is.
    pub link: RwSignal<Link>,
    /// What was refused, newest last.
    pub notices: RwSignal<Vec<Notice>>,
    /// The server's time.
    pub clock: Clock,
    channel: StoredValue<Option<Channel<GuestTable>>, LocalStorage>,
}

/// The most notices that are kept to be shown.
const MAX_NOTICES: usize = 4;

impl GuestTable {
    /// Starts from what the server rendered.
    pub fn new(venue: VenueId, seating_id: SeatingId, me: GuestNo, seating: Seating, menu: Menu, clock: Clock) -> Self {
        let seating = RwSignal::new(Replica::new(seating));
        let menu = RwSignal::new(Replica::new(menu));
        let actor = Actor::Guest(me);
        let view = Memo::new(move |_| menu.with(|menu| seating.with(|seating| seating.view(&actor, menu.confirmed()))));
        Self {
            venue: StoredValue::new(venue),
            seating_id,
            me,
            seating,
            menu,
            view,
            link: RwSignal::new(Link::Connecting),
            notices: RwSignal::new(Vec::new()),
            clock,
            channel: StoredValue::new_local(None),
        }
    }

    /// Connects. In the browser only: call it from an effect.
    pub fn connect(self) {
        self.clock.run();
        let kept_as = format!("comanda.outbox.{}.{}", self.seating_id, self.me.0);
        self.channel.set_value(Channel::open(self, self.link, Some(kept_as)));
    }

    /// The menu, live.
    pub fn menu<R>(self, read: impl FnOnce(&Menu) -> R) -> R {
        self.menu.with(|menu| read(menu.confirmed()))
    }

    /// Asks for something to be done. It shows at once, and ends as the server decides.
    pub fn ask(self, command: SeatingCommand) -> MutationId {
        let mutation = MutationId::new(Uuid::new_v4());
        let ask = Ask {
            mutation,
            stream: StreamId::Seating(self.seating_id),
            command: serde_json::to_value(&command).unwrap_or_default(),
        };
        let at = self.clock.read();
        let fits = self.seating.try_update(|seating| seating.submit(mutation, command, at)).unwrap_or(false);
        if fits {
            self.channel.with_value(|channel| channel.as_ref().is_some_and(|channel| channel.ask(ask)));
        } else {
            self.notify(domain::Rejection::TooFast);
        }
        mutation
    }

    /// Whether the server has not confirmed this line as it is shown.
    pub fn is_pending(self, line: LineId) -> bool {
        self.seating.with(|seating| {
            seating.pending().iter().any(|pending| match &pending.command {
                SeatingCommand::AddLine { .. } => LineId::from(pending.mutation) == line,
                SeatingCommand::ChangeQuantity { line: l, .. }
                | SeatingCommand::EditLine { line: l, .. }
                | SeatingCommand::RemoveLine { line: l } => *l == line,
                _ => false,
            })
        })
    }

    /// How many commands the server has not confirmed.
    pub fn pending_count(self) -> usize {
        self.seating.with(|seating| seating.pending().len())
    }

    /// Whether a round is being sent.
    pub fn is_sending(self) -> bool {
        self.seating.with(|s| s.pending().iter().any(|p| matches!(p.command, SeatingCommand::SendRound { .. })))
    }

    /// Lines of the cart that can't be had any more.
    pub fn sold_out_lines(self) -> BTreeSet<LineId> {
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

    fn notify(self, reason: domain::Rejection) {
        // Somebody was faster, or it was tapped twice: what is wished is so.
        if reason == domain::Rejection::Unchanged {
            return;
        }
        self.notices.update(|notices| push_notice(notices, reason));
    }
}

pub(super) fn push_notice(notices: &mut Vec<Notice>, reason: domain::Rejection) {
    let id = notices.last().map_or(0, |last| last.id + 1);
    notices.push(Notice { id, reason });
    if notices.len() > MAX_NOTICES {
        notices.remove(0);
    }
}

/// Takes a snapshot and events into a replica.
pub(super) fn catch_up<S: Fold>(replica: &mut Replica<S>, caught: &Caught) {
    if let Some(snapshot) = caught.snapshot.as_ref().and_then(|raw| serde_json::from_str(raw.get()).ok()) {
        replica.reset(snapshot);
    }
    take_events(replica, &caught.events);
}

/// Takes events into a replica; `false` where something before them is missing.
pub(super) fn take_events<S: Fold>(replica: &mut Replica<S>, events: &[Box<RawValue>]) -> bool {
    events.iter().all(|raw| match serde_json::from_str::<Recorded<S::Event>>(raw.get()) {
        Ok(recorded) => !matches!(replica.arrive(&recorded), Arrival::Gap { .. }),
        Err(error) => {
            leptos::logging::warn!("an event can't be read: {error}");
            false
        }
    })
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

    fn waiting(&self, ask: &Ask) {
        if let Ok(command) = serde_json::from_value(ask.command.clone()) {
            let (mutation, at) = (ask.mutation, self.clock.read());
            self.seating.update(|seating| {
                // The page that was just loaded may hold its effect already.
                if seating.confirmed().progress().effect_of(mutation).is_none() {
                    seating.submit(mutation, command, at);
                }
            });
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
                self.notify(reason);
                false
            }
        }
    }
}
