//! Who asks: what a cookie proves, what a password opens, and how often that may be tried.
//!
//! - [`cookies`]: signed cookies that name somebody; [`secrets`] sign them
//! - [`hashing`]: passwords are hashed on threads of their own; [`passwords`] makes them
//! - [`sign_ins`]: how often a password or a PIN may be tried, and by whom

pub mod cookies;
pub mod hashing;
pub mod passwords;
mod secrets;
pub mod sign_ins;

pub use cookies::{AskPass, DevicePass, GuestPass, Passes, Proof, StaffPass};
pub use hashing::Hashing;
pub use secrets::Secrets;
pub use sign_ins::{Checked, SignIns, Trier};
