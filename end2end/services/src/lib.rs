//! The servers that many Comandas stand on, started for a test or for development, on loopback and with
//! their data in a directory of ours: [`Postgres`], [`Redis`], [`Haproxy`].
//!
//! Each can be killed in the middle of everything, frozen, and started again on the same data and the
//! same port. Dropping one kills it; nothing that somebody else started is ever touched.

mod haproxy;
mod postgres;
mod process;
mod programs;
mod redis;

pub use haproxy::Haproxy;
pub use postgres::Postgres;
pub use process::free_port;
pub use programs::program;
pub use redis::Redis;
