//! What the service counts, for `/metrics`.

use std::time::Duration;

use domain::Version;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;

use super::Refusal;

/// Bounds of the histogram of commands, in seconds: from a hundred microseconds to five seconds.
const COMMAND_SECONDS: [f64; 15] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    outcome: &'static str,
}

/// What noticed that events were missing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoundBy {
    /// A message of another server.
    Bus,
    /// Comparing what is held with the log.
    Heads,
    /// A command, which lost a race or would have been refused.
    Command,
}

/// A gap's label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct By {
    by: &'static str,
}

/// What is counted.
pub struct ServiceStats {
    /// Commands, by how they ended.
    pub commands: Family<Outcome, Counter>,
    /// How long they took.
    pub command_seconds: Histogram,
    /// Streams of which events were missing here and were read from the log, by what noticed it.
    pub gaps_repaired: Family<By, Counter>,
}

impl Default for ServiceStats {
    fn default() -> Self {
        let stats = Self {
            commands: Family::default(),
            command_seconds: Histogram::new(COMMAND_SECONDS),
            gaps_repaired: Family::default(),
        };
        // From the start, so that a rate can be told of what has not happened yet.
        for outcome in ["accepted", "refused", "unavailable"] {
            drop(stats.commands.get_or_create(&Outcome { outcome }));
        }
        for by in [FoundBy::Bus, FoundBy::Heads, FoundBy::Command] {
            drop(stats.gaps_repaired.get_or_create(&by.label()));
        }
        stats
    }
}

impl FoundBy {
    const fn label(self) -> By {
        let by = match self {
            Self::Bus => "bus",
            Self::Heads => "heads",
            Self::Command => "command",
        };
        By { by }
    }
}

impl ServiceStats {
    pub(super) fn command_ended(&self, outcome: &Result<Version, Refusal>, took: Duration) {
        let outcome = match outcome {
            Ok(_) => "accepted",
            Err(refusal) if refusal.reason.is_temporary() => "unavailable",
            Err(_) => "refused",
        };
        self.commands.get_or_create(&Outcome { outcome }).inc();
        self.command_seconds.observe(took.as_secs_f64());
    }

    pub(super) fn gap_found(&self, by: FoundBy) {
        self.gaps_repaired.get_or_create(&by.label()).inc();
    }

    /// How many gaps were repaired, however they were noticed.
    pub fn gaps(&self) -> u64 {
        [FoundBy::Bus, FoundBy::Heads, FoundBy::Command]
            .iter()
            .map(|by| self.gaps_repaired.get_or_create(&by.label()).get())
            .sum()
    }
}
