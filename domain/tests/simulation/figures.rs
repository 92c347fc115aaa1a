//! What happened, counted: so that it can be seen that the faults really happen.

use std::fmt;

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident => $words:literal),* $(,)?) => {
        /// Something that is counted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Count {
            $($(#[$doc])* $name),*
        }

        impl Count {
            /// Everything that is counted, with its words.
            pub(crate) const ALL: &[(Self, &str)] = &[$((Self::$name, $words)),*];
        }
    };
}

counts! {
    /// A message arrived, a server went one stage further, or somebody tapped.
    Step => "steps",
    /// Somebody asked for something.
    Command => "commands",
    /// Somebody who had asked to be let in was, and heard of it.
    LetIn => "newcomers let in",
    /// Somebody saw that they were removed.
    Removed => "looks of somebody who was removed",
    /// A waiter accepted a round that waited.
    RoundAccepted => "rounds accepted by a waiter",
    /// A command took effect.
    Effect => "effects",
    /// A command was refused for good.
    Refusal => "refused",
    /// A command was sent again, with the same id.
    Resent => "resent",
    /// A command that had taken effect was answered instead of repeated.
    Suppressed => "duplicates suppressed",
    /// A server lost a race, read again and decided again.
    Conflict => "conflicts",
    /// A server would have refused from what it remembered, read again, and did not refuse.
    SavedByReading => "stale refusals avoided",
    /// A screen saw that an event was missing.
    Gap => "gaps seen",
    /// A screen that had seen a gap was brought up to date.
    Repaired => "gaps repaired",
    /// A screen was given a snapshot.
    Snapshot => "snapshots",
    /// A message was lost.
    Dropped => "messages dropped",
    /// A message arrived twice.
    Doubled => "messages doubled",
    /// A connection was cut.
    Cut => "connections cut",
    /// A server died.
    Crash => "servers crashed",
    /// A server died between a commit and its answer.
    LostAnswer => "answers lost by a crash",
    /// A commit was durable and the server was told that it failed.
    UnknownOutcome => "commits of unknown outcome",
    /// A command was told to come again later.
    Unavailable => "told to try later",
    /// A command that had been sent before was refused, and the refusal was kept in its stream.
    RefusalKept => "refusals kept",
    /// A sending found that its command had been refused.
    RefusalFound => "refusals found",
    /// Somebody wanted to close a table.
    Closing => "closings wanted",
    /// A guest asked for what is not theirs.
    Nosy => "nosy guests",
}

/// How often each happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Figures([u64; Count::ALL.len()]);

impl Figures {
    /// It happened once more.
    pub(crate) const fn count(&mut self, what: Count) {
        self.0[what as usize] += 1;
    }

    /// How often it happened.
    pub(crate) const fn of(&self, what: Count) -> u64 {
        self.0[what as usize]
    }

    /// Adds another run's.
    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, words) in Count::ALL {
            writeln!(f, "{:>12}  {words}", self.of(*what))?;
        }
        Ok(())
    }
}
