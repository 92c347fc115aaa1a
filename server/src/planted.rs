//! Faults that can be planted on purpose, to see that the fault harness finds them. In a release build there are none.

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// A command that is sent again is executed again.
    SkipDedupe,
    /// A command is acknowledged before it is durable.
    AckBeforeCommit,
    /// What other servers tell is lost, and nothing repairs it.
    DropBusMessages,
}

/// Whether this fault was planted, by the environment variable `COMANDA_PLANTED_FAULT`.
#[cfg(debug_assertions)]
pub fn is(fault: Planted) -> bool {
    use std::sync::LazyLock;
    static PLANTED: LazyLock<Option<Planted>> = LazyLock::new(|| {
        let planted = match std::env::var("COMANDA_PLANTED_FAULT").ok()?.as_str() {
            "skip-dedupe" => Planted::SkipDedupe,
            "ack-before-commit" => Planted::AckBeforeCommit,
            "drop-bus-messages" => Planted::DropBusMessages,
            _ => return None,
        };
        tracing::error!(?planted, "a fault is planted: this server breaks its promises on purpose");
        Some(planted)
    });
    *PLANTED == Some(fault)
}

/// In a release build nothing can be planted.
#[cfg(not(debug_assertions))]
pub const fn is(_: Planted) -> bool {
    false
}
