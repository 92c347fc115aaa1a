//! A client of the live channel, as somebody else would write it from the protocol's page.
//!
//! From the wire up: [`route`] (TCP), [`http`] (joining and signing in), [`packet`] (what stands in a
//! frame), [`socket`] (one Socket.IO connection), [`held`] (what a screen holds), [`outbox`] (what it
//! still has to say), [`screen`] (both, over as many connections as it takes), and who uses one:
//! [`people`]. A [`Witness`] sees all of it; a [`Disturbance`] is what
//! happens to phones.

pub mod disturbance;
pub mod held;
pub mod http;
mod live;
pub mod outbox;
pub mod packet;
pub mod people;
pub mod route;
pub mod screen;
pub mod socket;
pub mod witness;

pub use disturbance::Disturbance;
pub use held::{Arrived, Brought, Held};
pub use people::{Cook, Guest, Waiter};
pub use route::{Route, Servers};
pub use screen::{Habits, Link, Pass, Screen, ScreenNo};
pub use witness::Witness;
