//! Who asks: what a cookie proves, and what a password opens.

pub mod cookies;
pub mod passwords;

pub use cookies::{GuestPass, Passes, StaffPass};
