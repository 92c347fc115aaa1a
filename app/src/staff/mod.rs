//! What the staff's surfaces share.
//!
//! - [`gate`]: loads a page of the staff, or sends to the sign-in
//! - [`live`]: what changes in a view
//! - [`rows`]: lists whose rows stay; [`order`]: sorting; [`label`]: what stands on a table
//! - [`problem`]: what was wrong with a form
//! - [`bar`]: what stands in every bar: the sound's switch, signing out

pub mod bar;
pub mod gate;
pub mod label;
pub mod live;
pub mod order;
#[cfg(feature = "ssr")]
pub mod problem;
pub mod rows;

pub use gate::{Crew, StaffPage};
pub use label::is_name;
pub use live::{flag, part, spoken, text};
pub use order::in_order;
#[cfg(feature = "ssr")]
pub use problem::Asked;
pub use rows::rows;
