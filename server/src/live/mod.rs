//! The live channel: who is connected, what they ask, what they are told. `docs/protocol.md` tells it
//! to people; [`domain::wire`] has the messages.
//!
//! - [`hello`]: who connects, and as what
//! - [`inbox`]: a socket's messages, one after the other
//! - [`sync`]: bringing a screen up to date, and [`command`]: what it asks
//! - [`delivery`]: telling every screen concerned; [`rooms`]: once, in order; [`present`]: who is connected

mod awake;
mod command;
pub mod delivery;
mod hello;
mod inbox;
mod present;
mod rooms;
mod sync;

use std::sync::Arc;
use std::time::Duration;

use domain::wire;
use socketioxide::extract::SocketRef;
use socketioxide::handler::ConnectHandler;
use socketioxide::layer::SocketIoLayer;
use socketioxide::{ParserConfig, SocketIo, TransportType};

use awake::Awake;
pub use delivery::Delivery;
pub use hello::Who;

use crate::guard::Persons;
use crate::identity::Passes;
use crate::service::Service;

/// How many frames may wait for a slow screen before it is cut off, to catch up.
const MAX_BUFFERED_FRAMES: usize = 256;
/// How long a handshake may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What the live channel works with.
pub struct Live {
    /// Executes.
    pub service: Arc<Service>,
    /// Tells.
    pub delivery: Arc<Delivery>,
    /// Recognises.
    pub passes: Passes,
    /// What each may still ask.
    pub persons: Arc<Persons>,
    heartbeat: Heartbeat,
    awake: Arc<Awake>,
}

impl Live {
    /// Works with these.
    pub fn new(
        service: Arc<Service>,
        delivery: Arc<Delivery>,
        passes: Passes,
        persons: Arc<Persons>,
        heartbeat: Heartbeat,
    ) -> Self {
        let awake = Arc::new(Awake::new(heartbeat.interval + heartbeat.timeout));
        Self { service, delivery, passes, persons, heartbeat, awake }
    }
}

/// How often a heartbeat is sent, and how long its answer may take. Their sum is how late a dead
/// connection is noticed.
#[derive(Debug, Clone, Copy)]
pub struct Heartbeat {
    /// Between two.
    pub interval: Duration,
    /// For the answer.
    pub timeout: Duration,
}

/// The layer that answers `/socket.io`.
pub fn layer(live: Arc<Live>) -> (SocketIoLayer, SocketIo) {
    let heartbeat = live.heartbeat;
    let (layer, io) = SocketIo::builder()
        .transports([TransportType::Websocket, TransportType::Polling])
        .ping_interval(heartbeat.interval)
        .ping_timeout(heartbeat.timeout)
        .connect_timeout(CONNECT_TIMEOUT)
        .max_buffer_size(MAX_BUFFERED_FRAMES)
        .max_payload(wire::MAX_MESSAGE_BYTES as u64)
        .ws_max_message_size(wire::MAX_MESSAGE_BYTES)
        .ws_max_frame_size(wire::MAX_MESSAGE_BYTES)
        // Nothing of the protocol is binary. What announces attachments ends its connection before one has come.
        .with_parser(ParserConfig::common().max_incoming_binaries(0).max_incoming_binary_buf_size(0))
        .build_layer();
    tokio::spawn(Arc::clone(&live.awake).watch(Arc::downgrade(&live)));
    let (checking, connected) = (Arc::clone(&live), live);
    let check = async move |socket: SocketRef, hello: hello::Introduction| {
        hello::check(&checking, &socket, hello).await.map(|who| inbox::listen(&checking, &socket, &who))
    };
    let connect = async move |socket: SocketRef, io: SocketIo| connect(&connected, &socket, &io);
    io.ns("/", connect.with(check));
    (layer, io)
}

/// A screen that may be here: gives it an inbox, and greets it.
fn connect(live: &Arc<Live>, socket: &SocketRef, io: &SocketIo) {
    let Some(who) = socket.extensions.get::<Who>() else {
        tracing::error!("a socket came in without having said who it is");
        return;
    };
    live.delivery.came(socket, &who);
    inbox::open(live, socket, who.clone());
    let leaving = Arc::clone(live);
    socket.on_disconnect(async move |socket: SocketRef| left(&leaving, &socket));
    hello::welcome(live, socket, &who);
    // It may have gone before anybody listened to that.
    if !socket.connected() || io.get_socket(socket.id).is_none() {
        left(live, socket);
    }
}

/// A screen is gone. Doing it again changes nothing.
fn left(live: &Live, socket: &SocketRef) {
    inbox::close(socket);
    live.delivery.left(socket.id);
}
