//! The live channel in the browser: what a screen holds, and how it stays true.
//!
//! - [`socket`]: the official Socket.IO client, bound
//! - [`channel`]: one connection: hello, sync, events, and an outbox that loses nothing
//! - [`table`]: what a guest's phone holds; [`house`]: what a screen of the staff holds
//! - [`clock`]: the server's time on this screen

pub mod channel;
pub mod clock;
pub mod house;
mod outbox;
mod socket;
pub mod table;

pub use channel::{Link, Notice};
pub use clock::Clock;
pub use house::House;
pub use table::GuestTable;
