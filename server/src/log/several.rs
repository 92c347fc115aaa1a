//! Reading several streams to their ends, a bounded number of events at a time.

use domain::{StreamId, Version};

use super::{Encoded, EventLog, LogError, READ_LIMIT, READ_MAX_STREAMS};

/// Streams that are read to their ends, each from a version on.
#[derive(Debug)]
pub struct Several {
    /// What is still to be read: after which version.
    left: Vec<(StreamId, Version)>,
}

impl Several {
    /// Each of these streams, after this version of it; each named once.
    pub fn after(from: Vec<(StreamId, Version)>) -> Self {
        Self { left: from }
    }

    /// The next events, stream by stream; none at the end.
    pub async fn next(&mut self, log: &dyn EventLog) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError> {
        while !self.left.is_empty() {
            let asked = self.left.len().min(READ_MAX_STREAMS);
            let pages = log.read_several(&self.left[..asked]).await?;
            let told: usize = pages.iter().map(|(_, events)| events.len()).sum();
            match pages.last() {
                Some((last, events)) if told >= READ_LIMIT => {
                    // The last one may have more.
                    let place = self.left.iter().position(|(stream, _)| stream == last).unwrap_or(asked);
                    self.left.drain(..place);
                    if let Some((_, after)) = self.left.first_mut() {
                        *after += events.len() as Version;
                    }
                }
                _ => drop(self.left.drain(..asked)),
            }
            if !pages.is_empty() {
                return Ok(pages);
            }
        }
        Ok(Vec::new())
    }
}
