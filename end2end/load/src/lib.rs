//! The load and fault harness: it starts the real program, orders over the official wire format like
//! any phone or wall, breaks things meanwhile, and compares what was promised with what is there.
//!
//! - [`client`]: a Socket.IO client and, on top of it, guests, waiters and cooks
//! - [`process`]: the program `comanda` as a process: started, killed, stopped
//! - [`venue`], [`house`]: a restaurant for it to serve, and the people who come in
//! - [`scenario`]: what happens in the restaurant while something is measured or broken
//! - [`faults`]: what is broken
//! - [`ledger`]: every command with its answer, and every event that a screen was told
//! - [`truth`]: what the server holds; the ledger is compared with it
//! - [`stopwatch`], [`usage`]: how long it took, and what it cost
//! - [`bench`](mod@bench): `load bench`
//!
//! It shares the rules and the wire's messages with the server (`domain`), and no other code.

pub mod bench;
pub mod client;
pub mod faults;
pub mod house;
pub mod ledger;
pub mod process;
pub mod scenario;
pub mod stopwatch;
pub mod truth;
pub mod usage;
pub mod venue;
