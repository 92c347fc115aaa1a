//! One connection to the server: hello, sync, events, and an outbox that loses nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use domain::Rejection;
use domain::wire::{self, Answer, Caught, Events, Hello, StreamEvents, Sync, Synced, Welcome};
use leptos::prelude::*;

use super::outbox::{Ask, Outbox};
use super::socket::Socket;

/// How the connection is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Link {
    /// The first connection is being made; the page shows what the server rendered.
    #[default]
    Connecting,
    /// Everything shown is true now.
    Live,
    /// Everything shown is true now, and what is asked can't be saved: it waits, and is asked again.
    CantSave,
    /// The connection is lost and being made again; what is shown may be old.
    Lost,
    /// The server has ended it: signed out, or the stay has ended.
    Ended,
}

impl Link {
    /// Whether what is shown is true now.
    pub fn is_up(self) -> bool {
        matches!(self, Self::Live | Self::CantSave)
    }
}

/// Something that people have to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Counts up, so that each is shown once.
    pub id: u32,
    /// Why a command was refused.
    pub reason: Rejection,
}

/// What a screen holds, as far as the channel has to know.
pub trait Holder: Clone + 'static {
    /// Who it is.
    fn hello(&self) -> Hello;
    /// What it has.
    fn have(&self) -> Sync;
    /// Who the server takes it for, and what time it is there.
    fn welcomed(&self, welcome: &Welcome);
    /// Takes what it lacked.
    fn caught(&self, caught: Caught);
    /// Takes events; `false` where something before them is missing.
    fn arrived(&self, events: StreamEvents) -> bool;
    /// A command was answered; `true` where its event is still under way.
    fn answered(&self, ask: &Ask, answer: &Answer) -> bool;
}

/// How long after a temporary refusal or a time-out the outbox is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(1_000);
/// How long an accepted command's event may be under way before the screen asks for it.
const EVENT_OVERDUE_AFTER: Duration = Duration::from_millis(1_500);

/// One connection. Cloning shares it.
pub(super) struct Channel<H: Holder>(Rc<Inner<H>>);

impl<H: Holder> Clone for Channel<H> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

struct Inner<H> {
    socket: Socket,
    holder: H,
    link: RwSignal<Link>,
    outbox: RefCell<Outbox>,
    /// A command is under way.
    asking: Cell<bool>,
    /// A sync is under way.
    syncing: Cell<bool>,
    /// Another sync is wanted after it.
    sync_again: Cell<bool>,
    /// Which log the server has, as far as is known here.
    epoch: RefCell<String>,
    /// The server has another log than the one of which things are held here: nothing of that counts.
    is_anew: Cell<bool>,
}

impl<H: Holder> Channel<H> {
    /// Connects. What is held here is of the log of that epoch. Commands that were not answered are kept under that name,
    /// and survive a reload of the page.
    pub(super) fn open(holder: H, link: RwSignal<Link>, epoch: String, kept_as: String) -> Option<Self> {
        let socket = Socket::open(&holder.hello())?;
        let outbox = Outbox::kept_as(kept_as);
        let channel = Self(Rc::new(Inner {
            socket,
            holder,
            link,
            outbox: RefCell::new(outbox),
            asking: Cell::new(false),
            syncing: Cell::new(false),
            sync_again: Cell::new(false),
            epoch: RefCell::new(epoch),
            is_anew: Cell::new(false),
        }));
        channel.listen();
        Some(channel)
    }

    fn listen(&self) {
        let socket = &self.0.socket;
        socket.on_event("connect", self.handler(|channel| channel.sync()));
        let channel = self.clone();
        socket.on_end(move |reason| channel.ended(reason));
        let channel = self.clone();
        socket.on_refused(move |reason| channel.refused(reason));
        let channel = self.clone();
        socket.on_message(wire::WELCOME, move |welcome: Welcome| channel.welcomed(welcome));
        let channel = self.clone();
        socket.on_message(wire::EVENTS, move |events: Events| channel.arrived(events));
        socket.on_event(
            wire::MOVE,
            self.handler(|channel| {
                channel.0.socket.disconnect();
                channel.connect_again(Duration::ZERO);
            }),
        );
        socket.on_event(wire::GOODBYE, self.handler(|channel| channel.is_nobody()));
        self.notice_the_network();
    }

    /// The browser knows at once what the heartbeat notices after seconds.
    fn notice_the_network(&self) {
        let channel = self.clone();
        window_event_listener_untyped("offline", move |_| channel.lost());
        let channel = self.clone();
        window_event_listener_untyped("online", move |_| {
            if channel.0.socket.connected() {
                channel.sync();
            } else {
                channel.0.socket.connect();
            }
        });
        let channel = self.clone();
        window_event_listener_untyped("pageshow", move |_| {
            if channel.0.socket.connected() {
                channel.sync();
            }
        });
    }

    fn handler(&self, act: impl Fn(Self) + 'static) -> impl FnMut() + 'static {
        let channel = self.clone();
        move || act(channel.clone())
    }

    fn welcomed(&self, welcome: Welcome) {
        self.0.holder.welcomed(&welcome);
        if let Some(epoch) = welcome.epoch
            && self.0.epoch.replace(epoch.clone()) != epoch
        {
            self.0.is_anew.set(true);
            self.sync();
        }
    }

    /// The server knows nobody here any more: signed out, or the stay has ended.
    fn is_nobody(&self) {
        self.0.link.set(Link::Ended);
        self.0.socket.disconnect();
    }

    fn lost(&self) {
        if self.0.link.get_untracked() != Link::Ended {
            self.0.link.set(Link::Lost);
        }
    }

    /// The connection ended. The client makes it again by itself, unless the server ended it.
    fn ended(&self, reason: &str) {
        self.0.asking.set(false);
        self.0.syncing.set(false);
        self.lost();
        if reason == "io server disconnect" {
            self.connect_again(Duration::ZERO);
        }
    }

    /// The connection was refused: by the network, in which case the client tries again by itself, or
    /// by the server, which says why in a word.
    fn refused(&self, reason: &str) {
        self.lost();
        if self.0.socket.active() {
            return;
        }
        match reason.split(':').next().unwrap_or_default() {
            "signed_out" | "not_seated" | "not_allowed" => self.0.link.set(Link::Ended),
            // The server speaks another version since: its page does, too.
            "protocol" => set_timeout(|| drop(window().location().reload()), RETRY_AFTER),
            _ => self.connect_again(RETRY_AFTER),
        }
    }

    /// Connects again; not all screens at the same moment.
    fn connect_again(&self, after: Duration) {
        let channel = self.clone();
        let again = move || {
            if channel.0.link.get_untracked() != Link::Ended {
                channel.0.socket.connect();
            }
        };
        set_timeout(again, after + Duration::from_millis(100 + (js_sys::Math::random() * 900.0) as u64));
    }

    /// Asks for what is missing, and then sends what waits.
    fn sync(&self) {
        if self.0.syncing.replace(true) {
            self.0.sync_again.set(true);
            return;
        }
        let (channel, is_anew) = (self.clone(), self.0.is_anew.get());
        let have = if is_anew { Sync::default() } else { self.0.holder.have() };
        self.0.socket.ask(wire::SYNC, &have, move |synced: Option<Synced>| {
            channel.0.syncing.set(false);
            let Some(synced) = synced else { return channel.later(Self::sync) };
            match synced.refused {
                None => {}
                // It ended between the welcome and this; nobody will say goodbye to who was not there yet.
                Some(Rejection::NotSeated | Rejection::SignedOut | Rejection::NotAllowed) => return channel.is_nobody(),
                Some(_) => return channel.later(Self::sync),
            }
            for mut caught in synced.streams {
                caught.anew |= is_anew;
                channel.0.holder.caught(caught);
            }
            if is_anew {
                channel.0.is_anew.set(false);
                // What arrived meanwhile was overwritten.
                channel.0.sync_again.set(true);
            }
            if channel.0.sync_again.replace(false) {
                channel.sync();
                return;
            }
            if channel.0.link.get_untracked() != Link::Ended {
                channel.0.link.set(Link::Live);
            }
            channel.send_next();
        });
    }

    fn arrived(&self, events: Events) {
        let mut complete = true;
        // Each is taken, also after one that has a gap.
        for stream in events.streams {
            complete &= self.0.holder.arrived(stream);
        }
        if !complete {
            self.sync();
        }
    }

    /// Puts a command into the outbox; `false` where too many wait.
    pub(super) fn ask(&self, ask: Ask) -> bool {
        let fits = self.0.outbox.borrow_mut().push(ask);
        self.send_next();
        fits
    }

    /// Sends the oldest command, unless one is under way or the connection is not live.
    fn send_next(&self) {
        if self.0.asking.get() || !self.0.link.get_untracked().is_up() || !self.0.socket.connected() {
            return;
        }
        let Some(ask) = self.0.outbox.borrow_mut().first_to_send() else { return };
        self.0.asking.set(true);
        let channel = self.clone();
        self.0.socket.ask(wire::COMMAND, &ask.clone(), move |answer: Option<Answer>| {
            channel.0.asking.set(false);
            match answer {
                None => channel.later(Self::send_next),
                Some(Answer::Refused { reason, .. }) if reason.is_temporary() => {
                    if reason == Rejection::Unavailable {
                        channel.saves(false);
                    }
                    channel.later(Self::send_next);
                }
                Some(answer) => {
                    channel.saves(true);
                    channel.0.outbox.borrow_mut().answered(&ask);
                    if channel.0.holder.answered(&ask, &answer) {
                        channel.expect_event(&ask, &answer);
                    }
                    channel.send_next();
                }
            }
        });
    }

    /// What is asked can be saved, or can't: told where that is new, and nothing worse is the matter.
    fn saves(&self, can: bool) {
        let (from, to) = if can { (Link::CantSave, Link::Live) } else { (Link::Live, Link::CantSave) };
        if self.0.link.get_untracked() == from {
            self.0.link.set(to);
        }
    }

    /// Asks for the event of an accepted command if it doesn't come by itself.
    fn expect_event(&self, ask: &Ask, answer: &Answer) {
        let Answer::Accepted { version } = *answer else { return };
        let (channel, stream) = (self.clone(), ask.stream.clone());
        let check = move || {
            let have = channel.0.holder.have().streams.get(&stream).copied();
            if channel.0.socket.connected() && have.is_some_and(|have| have < version) {
                channel.sync();
            }
        };
        set_timeout(check, EVENT_OVERDUE_AFTER);
    }

    fn later(&self, act: impl Fn(&Self) + 'static) {
        let channel = self.clone();
        let again = move || {
            if channel.0.socket.connected() {
                act(&channel);
            }
        };
        set_timeout(again, RETRY_AFTER);
    }
}
