//! How much happened.

use std::collections::BTreeMap;
use std::fmt;

use domain::Rejection;

use crate::client::witness::Notice;

/// How much happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Guests who joined.
    pub joins: usize,
    /// Commands, each counted once.
    pub commands: usize,
    /// Commands that were accepted.
    pub accepted: usize,
    /// Commands that were refused for good.
    pub refused: usize,
    /// Commands without a final answer.
    pub unknown: usize,
    /// Sendings beyond each command's first.
    pub resent: usize,
    /// Commands that were accepted after having been sent more than once: what had become of the
    /// sendings before was unknown.
    pub resolved: usize,
    /// Refusals for the time being, by reason.
    pub refused_for_now: BTreeMap<Rejection, usize>,
    /// Events that arrived as the next of their streams.
    pub applied: usize,
    /// Events that arrived and were known already.
    pub old: usize,
    /// States that were told instead of events.
    pub states: usize,
    /// What happened to connections.
    pub notices: BTreeMap<Notice, usize>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} joined; {} commands: {} accepted, {} refused, {} unknown; {} sent again, {} of them accepted; {} events applied, {} known, {} states",
            self.joins,
            self.commands,
            self.accepted,
            self.refused,
            self.unknown,
            self.resent,
            self.resolved,
            self.applied,
            self.old,
            self.states,
        )?;
        for (reason, times) in &self.refused_for_now {
            write!(f, "; {times} × {reason:?}")?;
        }
        for (what, times) in &self.notices {
            write!(f, "; {times} × {what:?}")?;
        }
        Ok(())
    }
}
