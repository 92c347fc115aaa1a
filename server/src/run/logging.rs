//! The log of what the server does.
//!
//! Nothing in it opens anything: no table's code, cookie, password, PIN, nor what guests write. Our own lines hold none; what
//! libraries tell of connections and packets, from `debug` on, is full of them, and is never written, whatever is asked for.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterFn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

use crate::config::{LogFormat, Serve};

/// Begins to write it.
pub(super) fn begin(serve: &Serve) -> anyhow::Result<()> {
    let wanted = EnvFilter::try_new(&serve.log).context("--log can't be understood")?;
    let discreet = FilterFn::new(may_be_written);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match serve.log_format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let registry = tracing_subscriber::registry().with(wanted).with(lines.with_filter(discreet));
    registry.try_init().context("can't write a log")
}

/// Whether a line is one of ours, or one that a library writes for operators.
fn may_be_written(line: &Metadata<'_>) -> bool {
    let is_ours = line.target().split("::").next() == Some("server");
    is_ours || *line.level() <= Level::INFO
}
