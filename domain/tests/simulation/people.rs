//! What people do: they look at their screen and tap, mostly something sensible.

use domain::menu::{Choice, MenuCommand};
use domain::replica::Replica;
use domain::seating::{
    AddLine, CartCommand, EditLine, GuestsCommand, KitchenCommand, RoundsCommand, Seating, SeatingCommand, TicketItems,
};
use domain::visit::{Joined, VisitCommand};
use domain::{AskNo, DishId, Fold as _, LineId, MutationId, Note, Rejection, Role, RoundNo, SeatingId, StationId, TableId, Time};

use super::World;
use super::figures::Count;
use super::log::Stream;
use super::network::{Ask, Command, Message, Place, To};
use super::random::Random;
use super::screen::{Link, Screen, Who};
use crate::common::house::{self, choice, id};

/// After how long somebody scans the code again.
const SCAN_AGAIN_AFTER_MS: u64 = 80;

impl World {
    /// Somebody does something.
    pub(crate) fn somebody_acts(&mut self) {
        let i = self.random.index(self.screens.len());
        self.figures.count(Count::Step);
        match self.screens[i].who.clone() {
            Who::Walking => self.scan(i),
            Who::Asking { table, seating, ask } => self.look_in(i, table, seating, ask),
            Who::Guest { seating, .. } => self.guest_acts(i, seating),
            Who::Staff(Role::Waiter) => self.waiter_acts(i),
            Who::Staff(Role::Kitchen) => self.kitchen_acts(i),
            Who::Staff(Role::Allrounder) if self.random.chance(500) => self.waiter_acts(i),
            Who::Staff(Role::Allrounder) => self.kitchen_acts(i),
            Who::Staff(Role::Unknown) => {}
            Who::Staff(Role::Manager) if self.random.chance(700) => {}
            Who::Staff(Role::Manager) => {
                let cents = 250 + i64::try_from(self.random.below(20)).expect("it is small");
                let catalog = Box::new(house::catalog_with_price("beer", cents));
                self.wants(i, Stream::Menu, Command::Menu(MenuCommand::Publish { catalog }));
            }
        }
    }

    /// Scans a table's code, unless an answer is still awaited.
    fn scan(&mut self, i: usize) {
        let table = self.some_table();
        self.requests(i, Message::Join(table));
    }

    /// Looks whether they were let in, or goes away.
    fn look_in(&mut self, i: usize, table: TableId, seating: SeatingId, ask: AskNo) {
        if self.random.chance(30) {
            self.screens[i] = Screen::new(Who::Walking);
        } else {
            self.requests(i, Message::LookIn(table, seating, ask));
        }
    }

    /// Makes a request, unless an answer is still awaited.
    fn requests(&mut self, i: usize, message: Message) {
        if self.screens[i].request.is_some_and(|(_, at)| self.now < at + SCAN_AGAIN_AFTER_MS) {
            return;
        }
        self.connections += 1;
        let number = self.connections;
        self.requests.insert(number, i);
        self.screens[i].request = Some((number, self.now));
        let server = self.random.index(self.servers.len());
        self.say(|| format!("screen {i} requests {message:?}"));
        self.network.send(self.now, To::Server(server, number), &message, &mut self.random, &mut self.figures);
    }

    fn some_table(&mut self) -> TableId {
        house::tables()[self.random.index(self.plan.tables)].id.clone()
    }

    /// The answer to a request; one that comes after somebody made another is nobody's.
    pub(crate) fn joined(&mut self, i: usize, number: u64, outcome: Result<Place, Rejection>) {
        if self.screens[i].request.is_none_or(|(awaited, _)| awaited != number) {
            return;
        }
        self.screens[i].request = None;
        match outcome {
            Ok(Place { table, seating, joined: Joined::Guest(guest) }) => {
                self.say(|| format!("screen {i} is {guest:?} at {table}"));
                if let Who::Asking { .. } = self.screens[i].who {
                    self.figures.count(Count::LetIn);
                }
                self.screens[i] = Screen::new(Who::Guest { seating, guest });
                self.screens[i].seatings.insert(seating, Replica::default());
            }
            Ok(Place { table, seating, joined: Joined::Asks(ask) }) => {
                self.say(|| format!("screen {i} asks as {ask:?} at {table}"));
                self.screens[i] = Screen::new(Who::Asking { table, seating, ask });
            }
            Err(Rejection::NoSuchAsk) => self.screens[i] = Screen::new(Who::Walking),
            Err(_) => {}
        }
    }

    fn guest_acts(&mut self, i: usize, seating: SeatingId) {
        let screen = &self.screens[i];
        let view = screen.seatings[&seating].view(&screen.actor(), screen.menu.confirmed());
        let was_removed = matches!(screen.who, Who::Guest { guest, .. } if view.version() > 0 && !view.is_here(guest));
        if was_removed {
            self.figures.count(Count::Removed);
        }
        let screen = &self.screens[i];
        if (view.stay.is_closed() || was_removed) && screen.is_quiet() {
            if let Link::Up(server, number) = screen.link {
                self.servers[server].sockets.remove(&number);
            }
            self.screens[i] = Screen::new(Who::Walking);
        } else if self.random.chance(20) {
            self.is_nosy(i, seating);
        } else if view.stay.is_open() || (view.stay.is_closed() && self.random.chance(100)) {
            let command = guest_taps(&mut self.random, &view);
            self.wants(i, Stream::Seating(seating), Command::Seating(command));
        }
    }

    /// A phone asks for something at another table, or as the staff would.
    fn is_nosy(&mut self, i: usize, own: SeatingId) {
        let others: Vec<SeatingId> = self.log.seatings.keys().copied().filter(|id| *id != own).collect();
        let mutation = MutationId::numbered(self.random.bits());
        let (stream, command) = match self.random.pick(&others) {
            Some(other) => {
                (Stream::Seating(*other), Command::Seating(SeatingCommand::Rounds(RoundsCommand::SetReady { ready: true })))
            }
            None => (Stream::Menu, Command::Menu(MenuCommand::SetDishSoldOut { dish: id("soup"), sold_out: true })),
        };
        self.oracle.forbidden.insert(mutation);
        self.figures.count(Count::Nosy);
        self.ask(i, Ask { mutation, stream, command, sending: 0 });
    }

    fn waiter_acts(&mut self, i: usize) {
        let floor = self.screens[i].floor.confirmed();
        let seated: Vec<_> = floor.seated.iter().map(|(table, seated)| (table.clone(), seated.seating)).collect();
        let Some((table, seating)) = self.random.pick(&seated).cloned().filter(|_| self.random.chance(900)) else {
            let table = self.some_table();
            return self.wants(i, Stream::Floor, Command::Visit(VisitCommand::OpenTable { table }));
        };
        let screen = &self.screens[i];
        let Some(stay) = screen.seatings.get(&seating) else { return };
        let view = stay.view(&screen.actor(), screen.menu.confirmed());
        let round = some_round(&mut self.random, &view);
        let command = match self.random.below(10) {
            0 => {
                let even_if_unserved = self.random.chance(300);
                return self.wants(
                    i,
                    Stream::Floor,
                    Command::Visit(VisitCommand::CloseTable { table, seating, even_if_unserved }),
                );
            }
            1 => return self.marks_something(i),
            2 if view.waiting.is_some() => {
                let reason = Note::new("closed").ok();
                if self.random.chance(700) {
                    SeatingCommand::Rounds(RoundsCommand::AcceptRound { round })
                } else {
                    SeatingCommand::Rounds(RoundsCommand::DeclineRound { round, reason })
                }
            }
            2..6 => SeatingCommand::Kitchen(KitchenCommand::Serve { round, lines: vec![] }),
            _ => guest_taps(&mut self.random, &view),
        };
        self.wants(i, Stream::Seating(seating), Command::Seating(command));
    }

    fn kitchen_acts(&mut self, i: usize) {
        if self.random.chance(100) {
            return self.marks_something(i);
        }
        let screen = &self.screens[i];
        // Mostly at tables where somebody still sits.
        let also_gone = self.random.chance(50);
        let busy = screen
            .seatings
            .iter()
            .filter(|(_, stay)| !stay.confirmed().rounds.is_empty() && (also_gone || stay.confirmed().stay.is_open()));
        let busy: Vec<SeatingId> = busy.map(|(seating, _)| *seating).collect();
        let Some(seating) = self.random.pick(&busy).copied() else { return };
        let view = self.screens[i].seatings[&seating].confirmed();
        let round = some_round(&mut self.random, view);
        let station: StationId = id(if self.random.chance(500) { "grill" } else { "bar" });
        let some_line = view.round(round).and_then(|round| self.random.pick(&round.items)).map(|item| item.line.id);
        let lines: Vec<LineId> = some_line.into_iter().filter(|_| self.random.chance(300)).collect();
        let command = match self.random.below(10) {
            0..3 => SeatingCommand::Kitchen(KitchenCommand::Start { round, station }),
            3..8 => SeatingCommand::Kitchen(KitchenCommand::Bump(TicketItems { round, station, lines })),
            8 => SeatingCommand::Kitchen(KitchenCommand::Recall(TicketItems { round, station, lines })),
            _ => SeatingCommand::Kitchen(KitchenCommand::Serve { round, lines }),
        };
        self.wants(i, Stream::Seating(seating), Command::Seating(command));
    }

    fn marks_something(&mut self, i: usize) {
        let gone: Vec<DishId> = self.screens[i].menu.confirmed().sold_out.iter().cloned().collect();
        let back = self.random.pick(&gone).cloned().filter(|_| self.random.chance(800));
        let sold_out = back.is_none();
        let dish = back.unwrap_or_else(|| some_dish(&mut self.random));
        let command = MenuCommand::SetDishSoldOut { dish, sold_out };
        self.wants(i, Stream::Menu, Command::Menu(command));
    }

    /// Somebody wants something: it is pending on their screen, and is sent if that is connected.
    fn wants(&mut self, i: usize, stream: Stream, command: Command) {
        let ask = Ask { mutation: MutationId::numbered(self.random.bits()), stream, command, sending: 0 };
        let (screen, now) = (&mut self.screens[i], Time(self.now));
        let is_taken = match (&ask.command, stream) {
            (Command::Seating(command), Stream::Seating(seating)) => {
                screen.seatings.entry(seating).or_default().submit(ask.mutation, command.clone(), now)
            }
            (Command::Menu(command), _) => screen.menu.submit(ask.mutation, command.clone(), now),
            _ => {
                screen.visits.push(ask.clone());
                true
            }
        };
        if is_taken {
            self.figures.count(Count::Command);
            if super::server::closes(&ask.command) {
                self.figures.count(Count::Closing);
            }
            self.wishes += 1;
            self.oracle.wish_of.insert(ask.mutation, self.wishes);
            self.say(|| format!("screen {i} wants {} = {:?} of {stream:?}", ask.mutation, ask.command));
            self.ask(i, ask);
        }
    }
}

fn guest_taps(random: &mut Random, view: &Seating) -> SeatingCommand {
    let line = random.pick(&view.cart).map(|line| line.id);
    let (ask, guest) = (random.pick(&view.entry.asks).map(|asks| asks.ask), random.pick(&view.guests).map(|guest| guest.number));
    match (random.below(20), line) {
        (_, _) if ask.is_some() && random.chance(300) => {
            let ask = ask.expect("it was looked at");
            if random.chance(200) {
                SeatingCommand::Guests(GuestsCommand::TurnAway { ask })
            } else {
                SeatingCommand::Guests(GuestsCommand::LetIn { ask, guest: guest.filter(|_| random.chance(200)) })
            }
        }
        (_, _) if guest.is_some() && random.chance(10) => {
            SeatingCommand::Guests(GuestsCommand::RemoveGuest { guest: guest.expect("it was looked at") })
        }
        (0, _) => {
            SeatingCommand::Guests(GuestsCommand::Rename { name: domain::Name::new(["Ana", "Ben", "Eva"][random.index(3)]).ok() })
        }
        (1, _) => SeatingCommand::Rounds(RoundsCommand::SetReady { ready: random.chance(600) }),
        (2..6, Some(_)) => SeatingCommand::Rounds(RoundsCommand::SendRound { round: view.next_round() }),
        (6..10, Some(line)) => SeatingCommand::Cart(CartCommand::ChangeQuantity { line, by: [1, 1, 2, -1, -1][random.index(5)] }),
        (10, Some(line)) => SeatingCommand::Cart(CartCommand::RemoveLine { line }),
        (11, Some(line)) => {
            let note = Note::new(["no salt", "hot"][random.index(2)]).ok();
            SeatingCommand::Cart(CartCommand::EditLine(EditLine { line, options: vec![], note }))
        }
        _ => {
            let dish = some_dish(random);
            let options: Vec<Choice> = if dish == id("steak") { vec![choice("doneness", "rare")] } else { vec![] };
            let quantity = u16::try_from(1 + random.below(3)).expect("it is small");
            SeatingCommand::Cart(CartCommand::AddLine(AddLine { dish, options, note: None, quantity, guest: None }))
        }
    }
}

fn some_round(random: &mut Random, view: &Seating) -> RoundNo {
    let rounds = u64::from(view.next_round().0) - u64::from(random.chance(950));
    RoundNo(u16::try_from(1 + random.below(rounds.max(1))).expect("rounds are few"))
}

fn some_dish(random: &mut Random) -> DishId {
    id(["soup", "steak", "beer", "wine"][random.index(4)])
}
