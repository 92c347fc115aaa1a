//! The server of Comanda: everything that has a clock, a disk or a network.
//!
//! - [`config`]: what whoever runs it can choose; [`run`]: from a configuration to a serving process
//! - [`admin`]: what whoever runs it asks on the command line
//! - [`http`]: pages, server functions, assets, health, and the headers on all of them
//! - [`live`]: the live channel: who is connected, what they ask, what they are told
//! - [`service`]: the one place that executes commands; everything else translates to it
//! - [`log`]: the truth, on disk or in a database
//! - [`bus`]: how servers that share a log hear of each other at once
//! - [`identity`]: who asks: cookies and passwords
//! - [`guard`]: what one address, one person, one device may take
//! - [`links`]: where people find a venue
//! - [`venue`]: how a venue comes to be, from its file; the demo's too

pub mod admin;
pub mod backend;
pub mod bus;
pub mod clock;
pub mod config;
pub mod files;
pub mod guard;
pub mod http;
pub mod identity;
pub mod links;
pub mod live;
pub mod log;
pub mod planted;
pub mod run;
pub mod service;
pub mod venue;
