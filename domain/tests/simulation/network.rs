//! The network: it delays, reorders, doubles and drops, each way, and between servers too.

use std::collections::BTreeMap;

use domain::floor::Floor;
use domain::menu::{Menu, MenuCommand};
use domain::seating::{Seating, SeatingCommand};
use domain::visit::{Joined, VisitCommand};
use domain::wire::Answer;
use domain::{AskNo, MutationId, Rejection, SeatingId, TableId, Version};

use super::figures::{Count, Figures};
use super::log::{Events, Stream};
use super::random::Random;

/// Something that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Command {
    /// Of a stay.
    Seating(SeatingCommand),
    /// Of the menu.
    Menu(MenuCommand),
    /// Of the floor and a stay.
    Visit(VisitCommand),
}

/// A command with its id and its stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ask {
    /// Its id, the same at every sending.
    pub(crate) mutation: MutationId,
    /// To which stream.
    pub(crate) stream: Stream,
    /// What is asked.
    pub(crate) command: Command,
    /// Which sending of it this is, from 1.
    pub(crate) sending: u32,
}

/// What a screen lacks of one stream.
#[derive(Debug, Clone)]
pub(crate) enum Caught {
    /// The events after what it has.
    Events(Events),
    /// The floor to start from.
    Floor(Floor),
    /// The menu to start from.
    Menu(Menu),
    /// A stay to start from.
    Seating(SeatingId, Seating),
}

/// A message.
#[derive(Debug, Clone)]
pub(crate) enum Message {
    /// Screen to server: a command.
    Ask(Ask),
    /// Screen to server: bring me up to date.
    Sync(Vec<(Stream, Version)>),
    /// Phone to server, over HTTP: let me sit at this table.
    Join(TableId),
    /// Phone to server, over HTTP: was I let in there, where I asked to be?
    LookIn(TableId, SeatingId, AskNo),
    /// Server to screen: events.
    Events(Events),
    /// Server to screen: what it lacks.
    Synced(Vec<Caught>),
    /// Server to screen: what became of a command.
    Answer(Ask, Answer),
    /// Server to phone, over HTTP: who it is now.
    Joined(Result<Place, Rejection>),
}

/// Where somebody is who joined.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// At which table.
    pub(crate) table: TableId,
    /// The stay.
    pub(crate) seating: SeatingId,
    /// As whom.
    pub(crate) joined: Joined,
}

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    /// A server, over a connection, or with a request, of that number.
    Server(usize, u64),
    /// A screen, over a connection, or with the answer to a request, of that number.
    Screen(usize, u64),
    /// A server, over the bus.
    Bus(usize),
}

/// How bad the network is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weather {
    /// Of a thousand messages, so many are lost.
    pub(crate) drop_permille: u64,
    /// Of a thousand messages, so many arrive twice.
    pub(crate) double_permille: u64,
    /// The longest that a message takes, in milliseconds; two may so change places.
    pub(crate) delay_max_ms: u64,
}

impl Weather {
    /// As it is at the end.
    pub(crate) const FINE: Self = Self { drop_permille: 0, double_permille: 0, delay_max_ms: 1 };
}

/// What is under way.
#[derive(Debug)]
pub(crate) struct Network {
    /// How bad it is.
    pub(crate) weather: Weather,
    under_way: BTreeMap<(u64, u64), (To, Message)>,
    sent: u64,
}

impl Network {
    /// An empty network.
    pub(crate) const fn new(weather: Weather) -> Self {
        Self { weather, under_way: BTreeMap::new(), sent: 0 }
    }

    /// Sends a message, maybe twice, maybe for nothing.
    pub(crate) fn send(&mut self, now: u64, to: To, message: &Message, random: &mut Random, figures: &mut Figures) {
        if random.chance(self.weather.drop_permille) {
            figures.count(Count::Dropped);
            return;
        }
        // What goes over HTTP is not repeated by anybody but the person. A connection doubles nothing either: who sends
        // again knows it, and says so.
        let once =
            matches!(message, Message::Join(_) | Message::LookIn(..) | Message::Joined(_) | Message::Ask(Ask { sending: 1, .. }));
        let copies = if !once && random.chance(self.weather.double_permille) { 2 } else { 1 };
        for copy in 0..copies {
            if copy > 0 {
                figures.count(Count::Doubled);
            }
            self.sent += 1;
            let at = now + 1 + random.below(self.weather.delay_max_ms);
            self.under_way.insert((at, self.sent), (to, message.clone()));
        }
    }

    /// The next message that has arrived by now.
    pub(crate) fn arrived(&mut self, now: u64) -> Option<(To, Message)> {
        let entry = self.under_way.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }

    /// Whether nothing is under way.
    pub(crate) fn is_quiet(&self) -> bool {
        self.under_way.is_empty()
    }
}
