//! What the staff's surfaces share.
//!
//! - [`gate`]: loads a page of the staff, or sends to the sign-in
//! - [`device`]: sounds, a screen that stays awake, a buzz, the local time
//! - [`bar`]: what stands in every bar: the sound's switch, signing out

pub mod bar;
pub mod device;
pub mod gate;

pub use gate::{Crew, StaffPage};
