//! What happens in the restaurant while something is measured or broken.

pub mod agreement;
pub mod chaos;
pub mod outage;
pub mod service;
pub mod updates;
mod walk_in;
