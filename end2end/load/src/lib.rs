//! The load and fault harness: it starts the real program, orders over the official wire format like
//! any phone or wall, breaks things meanwhile, and compares what was promised with what is there.
//!
//! - [`client`]: a Socket.IO client and, on top of it, guests, waiters and cooks
//! - [`process`]: the program `comanda` as a process: started, killed, stopped
//! - [`cluster`]: several of them on one PostgreSQL and one Redis, each through [`proxy`]s of its own
//! - [`venue`], [`house`], [`door`]: a restaurant to be served, and how people come in
//! - [`scenario`]: what happens in the restaurant while something is measured or broken
//! - [`faults`]: what is broken, and in which order
//! - [`ledger`]: every command with its answer, and every event that a screen was told
//! - [`truth`]: what the server holds; the ledger is compared with it
//! - [`violation`]: what must not be
//! - [`stopwatch`], [`usage`]: how long it took, and what it cost
//! - [`bench`](mod@bench), [`chaos`], [`outage`]: `load bench`, `load chaos`, `load outage`
//!
//! It shares the rules and the wire's messages with the server (`domain`), and no other code.

pub mod bench;
pub mod chaos;

pub mod client;
pub mod cluster;

pub mod door;
pub mod faults;
pub mod house;
pub mod ledger;
pub mod outage;

pub mod process;
pub mod proxy;
pub mod scenario;
pub mod stopwatch;
pub mod truth;
pub mod usage;
pub mod venue;
pub mod violation;
