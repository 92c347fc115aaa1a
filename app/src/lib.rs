//! What people see: Leptos pages and components, and the server functions that fill them.
//!
//! - [`page`]: which page an address is; [`shell`] the document around every page
//! - [`calls`]: the server functions; [`backend`] is what the server implements for them
//! - [`live`]: the live channel in the browser: what a screen holds, and how it stays true
//! - the surfaces: [`guest`] (phones), [`floor`] (tablets), [`kitchen`] (the wall), [`sign_in`];
//!   [`staff`] is what the last three share
//! - [`parts`]: what surfaces share; [`words`]: what the interface says, in each language
//!
//! Views are thin: a component shows state and sends commands; the rules are in `domain`.

// Deeply nested views are deep types.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod backend;
pub mod calls;
#[cfg(feature = "staff")]
pub mod floor;
#[cfg(feature = "guest")]
pub mod guest;
#[cfg(feature = "staff")]
pub mod kitchen;
pub mod live;
pub mod page;
pub mod parts;
pub mod shell;
#[cfg(feature = "staff")]
pub mod sign_in;
#[cfg(feature = "staff")]
pub mod staff;
pub mod words;
