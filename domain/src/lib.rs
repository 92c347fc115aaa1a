//! The restaurant's rules, pure: no IO, no clock, no randomness, no async, no framework.
//!
//! A party's stay at a table is a short, append-only stream of events. `decide` says what may be
//! appended, `evolve` folds the stream into what people see. The server and every browser run the
//! very same two functions, so a tap shows at once and still ends as the server decided.
//!
//! The rooms, from the words up to the whole:
//!
//! - words: [`ids`], [`text`], [`money`], [`language`], [`rejection`]; [`sorted`] maps and sets
//! - [`stream`]: versions, recorded events, who acts; [`catalog`]: what is served, and for how much
//! - [`fold`]: how every stream is decided and folded
//! - the four streams: [`seating`] (one party's stay), [`floor`] (who sits where), [`menu`] (what is
//!   served), [`access`] (who may do what)
//! - [`visit`]: what touches a floor and a seating at once: opening, joining, closing
//! - [`replica`]: confirmed state + pending commands = what a screen shows
//! - [`wire`]: the messages between server and screens
//! - [`venue_file`]: a venue as it is written in a file

pub mod access;
pub mod catalog;
pub mod floor;
pub mod fold;
pub mod ids;
pub mod language;
pub mod menu;
pub mod money;
pub mod rejection;
pub mod replica;
pub mod seating;
pub mod sorted;
pub mod stream;
pub mod text;
pub mod venue_file;
pub mod visit;
pub mod wire;

pub use fold::{Context, Fold};
pub use ids::*;
pub use language::{Language, Localized};
pub use money::{Amount, Currency};
pub use rejection::Rejection;
pub use stream::{Actor, Recorded, Role, StreamId, Time, Version};
pub use text::{Name, Note};
