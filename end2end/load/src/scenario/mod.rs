//! What happens in the restaurant while something is measured or broken.

pub mod chaos;
pub mod service;
pub mod updates;
