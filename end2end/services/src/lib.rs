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

use std::process::ExitStatus;

use anyhow::Result;

pub use haproxy::Haproxy;
pub use postgres::Postgres;
pub use process::{Process, free_port, keep_from_terminal};
pub use programs::program;
pub use redis::Redis;

/// What a cluster is made of: it may end by itself, and can be started again.
pub trait Piece {
    /// Its process, while it is ours.
    fn process(&mut self) -> Option<&mut Process>;

    /// Starts it again, where it was.
    fn start_again(&mut self) -> Result<()>;

    /// Stops it in order.
    fn stop(&mut self) -> Result<()>;

    /// Its process's number.
    fn pid(&mut self) -> Option<u32> {
        self.process().map(|process| process.pid())
    }

    /// How it has ended, if it has by itself.
    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.process().map_or(Ok(None), Process::ended)
    }
}
