//! A party's stay, as the table's panel shows it. Pure.

use domain::seating::{ItemState, JoinAsk, Line, Round, Seating};
use domain::{Amount, Currency, Language, LineId, RoundNo, Time};

/// A stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stay {
    /// The currency of its amounts.
    pub currency: Currency,
    /// Who sits here, or did.
    pub guests: Vec<StayGuest>,
    /// Who asks to be let in.
    pub asks: Vec<JoinAsk>,
    /// A first round that waits to be accepted.
    pub waiting: Option<StayRound>,
    /// Lines not yet sent.
    pub cart: Vec<StayLine>,
    /// What was sent, newest first.
    pub rounds: Vec<StayRound>,
    /// What was sent comes to.
    pub total: Amount,
    /// How many dishes were sent and are not on the table.
    pub unserved: u32,
    /// How many dishes are in the cart, or wait to be accepted.
    pub unsent: u32,
}

/// Somebody who sits here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayGuest {
    /// What they are called; none: their number.
    pub name: Option<String>,
    /// Their number here.
    pub number: u16,
    /// Their colour.
    pub colour: u16,
    /// Whether they have finished choosing.
    pub is_ready: bool,
    /// Whether they sit here still.
    pub is_here: bool,
}

/// A line, sent or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayLine {
    /// Which.
    pub line: LineId,
    /// How many.
    pub quantity: u16,
    /// What the dish is called.
    pub name: String,
    /// The options and the note, in one text.
    pub details: String,
    /// Whose it is.
    pub guest: Option<StayGuest>,
    /// What it comes to.
    pub total: Amount,
}

/// What was sent together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayRound {
    /// Its number.
    pub number: RoundNo,
    /// When it was sent.
    pub at: Time,
    /// How many dishes of it can be carried out.
    pub to_serve: u32,
    /// What was sent.
    pub items: Vec<StayItem>,
}

/// A line that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayItem {
    /// The line.
    pub line: StayLine,
    /// How far it is.
    pub state: ItemState,
    /// Its state is not confirmed by the server yet.
    pub is_waiting: bool,
}

impl Stay {
    /// A stay as it is shown. What differs from `confirmed` is waiting.
    pub fn of(shown: &Seating, confirmed: &Seating, language: Language) -> Self {
        let guests: Vec<_> = shown
            .guests
            .iter()
            .map(|guest| StayGuest {
                name: guest.name.as_ref().map(ToString::to_string),
                number: guest.number.0,
                colour: guest.colour(),
                is_ready: guest.ready,
                is_here: !guest.removed,
            })
            .collect();
        let line = |line: &Line| stay_line(line, &guests, language);
        let items = || shown.rounds.iter().flat_map(|round| &round.items);
        let stay_round = |round: &Round| {
            let known = confirmed.round(round.number);
            let known_state =
                |id: LineId| known.and_then(|known| known.items.iter().find(|item| item.line.id == id)).map(|item| item.state);
            let ready = round.items.iter().filter(|item| item.state == ItemState::Ready);
            StayRound {
                number: round.number,
                at: round.at,
                to_serve: ready.map(|item| u32::from(item.line.quantity)).sum(),
                items: round
                    .items
                    .iter()
                    .map(|item| StayItem {
                        line: line(&item.line),
                        state: item.state,
                        is_waiting: known_state(item.line.id) != Some(item.state),
                    })
                    .collect(),
            }
        };
        let waiting = shown.waiting.as_ref();
        let pieces = |lines: &mut dyn Iterator<Item = &Line>| -> u32 { lines.map(|line| u32::from(line.quantity)).sum() };
        Self {
            currency: shown.currency,
            asks: shown.entry.asks.clone(),
            waiting: waiting.map(stay_round),
            cart: shown.cart.iter().map(line).collect(),
            rounds: shown.rounds.iter().rev().map(stay_round).collect(),
            total: shown.sent_total(),
            unserved: items().filter(|i| i.state != ItemState::Served).map(|i| u32::from(i.line.quantity)).sum(),
            unsent: pieces(&mut shown.cart.iter().chain(waiting.iter().flat_map(|round| &round.items).map(|item| &item.line))),
            guests,
        }
    }
}

fn stay_line(line: &Line, guests: &[StayGuest], language: Language) -> StayLine {
    let options = line.options.iter().map(|option| option.name.in_language(language).to_owned());
    let details: Vec<_> = options.chain(line.note.iter().map(|note| format!("“{note}”"))).collect();
    StayLine {
        line: line.id,
        quantity: line.quantity,
        name: line.name.in_language(language).to_owned(),
        details: details.join(" · "),
        guest: line.guest.and_then(|number| guests.iter().find(|guest| guest.number == number.0).cloned()),
        total: line.total(),
    }
}

#[cfg(test)]
mod tests;
