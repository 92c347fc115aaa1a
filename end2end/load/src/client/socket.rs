//! One Socket.IO connection, over WebSocket alone.

use std::collections::VecDeque;
use std::time::Duration;

use domain::wire::Hello;
use futures::{SinkExt, StreamExt};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::{ClientRequestBuilder, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::Route;
use super::packet::{self, Open, Packet};

/// How long the server may take to let us in.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// One connection.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// A server that has not been heard of for so long is gone.
    silence_at_most: Duration,
    heard_at: Instant,
    /// Asked for and not yet sent: a reader that is cancelled must not lose it.
    pong_due: bool,
    asked: u64,
    /// What came while we waited to be let in.
    early: VecDeque<Incoming>,
}

/// What the server says.
#[derive(Debug)]
pub struct Incoming {
    /// When the frame was here, before anything was read from it.
    pub at: Instant,
    /// What it says.
    pub what: Said,
}

/// What the server says.
#[derive(Debug)]
pub enum Said {
    /// An event.
    Event {
        /// Its name.
        name: String,
        /// What it carries.
        data: Option<Box<RawValue>>,
    },
    /// The answer to a question.
    Ack {
        /// The question's number, as [`Socket::ask`] told it.
        id: u64,
        /// What it carries.
        data: Option<Box<RawValue>>,
    },
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotConnected {
    /// The server can't be reached, or the connection broke, or it speaks another protocol.
    #[error("the connection is lost: {0}")]
    Lost(String),
    /// Nothing was heard of the server for too long.
    #[error("nothing is heard of the server")]
    Silent,
    /// The server does not let us in; its word for why.
    #[error("the server does not let us in: {0}")]
    Refused(String),
    /// The server has ended it.
    #[error("the server has ended the connection")]
    Ended,
}

fn lost(why: impl ToString) -> NotConnected {
    NotConnected::Lost(why.to_string())
}

impl Socket {
    /// Connects as whom the cookie and the hello say.
    pub async fn connect(route: &Route, cookie: &str, hello: &Hello) -> Result<Self, NotConnected> {
        let connected = timeout(CONNECT_WITHIN, Self::connect_now(route, cookie, hello)).await;
        connected.unwrap_or(Err(NotConnected::Silent))
    }

    async fn connect_now(route: &Route, cookie: &str, hello: &Hello) -> Result<Self, NotConnected> {
        let stream = route.open().await.map_err(lost)?;
        let uri = format!("ws://{}/socket.io/?EIO=4&transport=websocket", route.server()).parse().map_err(lost)?;
        let request = ClientRequestBuilder::new(uri).with_header("Cookie", cookie);
        let (stream, _) = client_async(request, stream).await.map_err(lost)?;
        let mut socket = Self {
            stream,
            silence_at_most: CONNECT_WITHIN,
            heard_at: Instant::now(),
            pong_due: false,
            asked: 0,
            early: VecDeque::new(),
        };
        let Open { ping_interval, ping_timeout } = loop {
            if let (_, Packet::Open(open)) = socket.packet().await? {
                break open;
            }
        };
        socket.silence_at_most = Duration::from_millis(ping_interval + ping_timeout);
        socket.send(packet::connect(hello).map_err(lost)?).await?;
        loop {
            match socket.packet().await? {
                (_, Packet::Connect) => return Ok(socket),
                (_, Packet::ConnectError(why)) => return Err(NotConnected::Refused(why)),
                (at, Packet::Event { name, data }) => {
                    socket.early.push_back(Incoming { at, what: Said::Event { name, data } });
                }
                _ => {}
            }
        }
    }

    /// Asks something, and tells the number under which the answer will come.
    pub async fn ask<T: Serialize>(&mut self, name: &str, data: &T) -> Result<u64, NotConnected> {
        self.asked += 1;
        let frame = packet::event(self.asked, name, data).map_err(lost)?;
        self.send(frame).await?;
        Ok(self.asked)
    }

    /// What the server says next. Nothing is lost where this is cancelled.
    pub async fn next(&mut self) -> Result<Incoming, NotConnected> {
        if let Some(early) = self.early.pop_front() {
            return Ok(early);
        }
        loop {
            match self.packet().await? {
                (at, Packet::Event { name, data }) => return Ok(Incoming { at, what: Said::Event { name, data } }),
                (at, Packet::Ack { id, data }) => return Ok(Incoming { at, what: Said::Ack { id, data } }),
                (_, Packet::Disconnect | Packet::Close) => return Err(NotConnected::Ended),
                _ => {}
            }
        }
    }

    /// The next packet that is not the heartbeat's.
    async fn packet(&mut self) -> Result<(Instant, Packet), NotConnected> {
        loop {
            if self.pong_due {
                self.send(packet::PONG.to_owned()).await?;
                self.pong_due = false;
            }
            let silent_since = self.heard_at + self.silence_at_most;
            let message = timeout_at(silent_since, self.stream.next()).await.map_err(|_| NotConnected::Silent)?;
            let message = message.ok_or_else(|| lost("it was closed"))?.map_err(lost)?;
            self.heard_at = Instant::now();
            match message {
                Message::Text(text) => match Packet::read(&text).map_err(lost)? {
                    Packet::Ping => self.pong_due = true,
                    packet => return Ok((self.heard_at, packet)),
                },
                Message::Close(_) => return Err(lost("it was closed")),
                _ => {}
            }
        }
    }

    /// Breaks the connection without a word (RST), whatever is under way.
    pub fn abort(self) {
        // Without it the end is a little more polite.
        let _ = self.stream.get_ref().set_zero_linger();
    }

    async fn send(&mut self, frame: String) -> Result<(), NotConnected> {
        let sent = timeout(self.silence_at_most, self.stream.send(Message::text(frame))).await;
        sent.map_err(|_| lost("nothing can be sent"))?.map_err(lost)
    }
}
