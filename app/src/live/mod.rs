//! The live channel in the browser: what a screen holds, and how it stays true.
//!
//! - [`socket`]: the official Socket.IO client, bound
//! - [`channel`]: one connection: hello, sync, events, and an outbox that loses nothing
//! - [`table`]: what a guest's phone holds; [`house`]: what a screen of the staff holds
//! - [`post`]: server functions, asked by HTTP
//! - [`release`]: a page that is older than its server
//! - [`clock`]: the server's time on this screen

pub mod channel;
pub mod clock;
#[cfg(feature = "staff")]
pub mod house;
mod outbox;
mod post;
mod release;
mod socket;
#[cfg(feature = "guest")]
pub mod table;
mod take;

pub use channel::{Link, Notice};
pub use clock::Clock;
#[cfg(feature = "staff")]
pub use house::House;
pub use outbox::Ask;
#[cfg(feature = "guest")]
pub use post::form_of;
pub use post::{form, post};
#[cfg(feature = "guest")]
pub use table::GuestTable;
