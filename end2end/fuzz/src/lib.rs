//! Whatever bytes, to whatever reads bytes: each target takes any, and panics where a promise is broken.
//!
//! - [`frames`]: what a screen sends over the live channel, and what it is sent
//! - [`commands`]: what somebody asks: read, decided, folded
//! - [`events`]: what a log holds: read, and folded in any order
//! - [`venues`]: a venue's file: read, checked, published
//! - [`cookies`]: the header by which somebody says who they are
//!
//! No target is content with not panicking: what is read is written and read back as it was, what is accepted keeps
//! within its bounds, and what must not be accepted is not.
//!
//! A target starts from [`Target::seeds`], which come from the pinned formats and the demo's venue, and [`mutate`]
//! changes them in the way that their [`Shape`] says. `tests/bounded.rs` does so some thousand times in the test
//! command; `cargo xtask fuzz` lets coverage guide it, for as long as one wants. An input that broke something once lies
//! in `found/`, and is tried again by the tests for good.

pub mod commands;
pub mod cookies;
pub mod events;
pub mod fixtures;
pub mod frames;
pub mod mutate;
pub mod venues;

mod house;
mod stays;
mod written;

/// How far an input came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It can't be read.
    Refused,
    /// It can be read, and leads to nothing.
    Read,
    /// It did what such an input is for: a command took effect, an event was folded in, somebody was recognised.
    Took,
}

/// How the bytes of a target are to be changed, so that many of them are still understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// JSON, behind some other letters perhaps.
    Json,
    /// Lines of pairs with `;` in between.
    Cookies,
}

/// Something that reads bytes.
pub struct Target {
    /// What it is called on the command line, and in `found/`.
    pub name: &'static str,
    /// Feeds it these bytes. Panics where a promise is broken.
    pub run: fn(&[u8]) -> Verdict,
    /// Inputs that are understood.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// What its inputs look like.
    pub shape: Shape,
}

/// All of them.
pub const TARGETS: [Target; 5] = [
    Target { name: "frames", run: frames::target, seeds: frames::seeds, shape: Shape::Json },
    Target { name: "commands", run: commands::target, seeds: commands::seeds, shape: Shape::Json },
    Target { name: "events", run: events::target, seeds: events::seeds, shape: Shape::Json },
    Target { name: "venues", run: venues::target, seeds: venues::seeds, shape: Shape::Json },
    Target { name: "cookies", run: cookies::target, seeds: cookies::seeds, shape: Shape::Cookies },
];

impl Target {
    /// The target of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.name == name)
    }
}
