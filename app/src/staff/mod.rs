//! What the staff's surfaces share.
//!
//! - [`gate`]: loads a page of the staff, or sends to the sign-in
//! - [`reactive`]: what changes in a view
//! - [`rows`]: lists whose rows stay; [`sorting`]: by a number; [`label`]: what stands on a table
//! - [`problem`]: what was wrong with a form
//! - [`bar`]: what stands in every bar: the sound's switch, signing out

pub mod bar;
pub mod gate;
pub mod label;
#[cfg(feature = "ssr")]
pub mod problem;
pub mod reactive;
pub mod rows;
pub mod sorting;

pub use gate::{Crew, StaffPage};
pub use label::is_name;
#[cfg(feature = "ssr")]
pub use problem::FormQuery;
pub use reactive::{flag, part, spoken, text};
pub use rows::rows;
pub use sorting::in_order;
