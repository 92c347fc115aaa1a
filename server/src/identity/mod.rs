//! Who asks: what a cookie proves, and what a password opens.

pub mod cookies;
pub mod passwords;
mod secrets;

pub use cookies::{GuestPass, Passes, StaffPass};
pub use secrets::Secrets;
