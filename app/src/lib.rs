//! What people see: Leptos pages and components, and the server functions that fill them.
//!
//! - [`address`]: which page an address is; [`page`]: that page; [`shell`]: the document around every page
//! - [`api`]: the server functions, and what the server implements for them
//! - [`live`]: the live channel in the browser: what a screen holds, and how it stays true
//! - the surfaces: [`guest`] (phones), [`floor`] (tablets), [`kitchen`] (the wall), [`people`] (who works here), [`sign_in`];
//!   [`staff`] is what the last four share. Signing in and the people's page are forms alone, which the server renders and
//!   no script takes over
//! - [`device`]: sounds, a screen that stays awake, a buzz, the local time
//! - [`parts`]: what surfaces share; [`words`]: what the interface says, in each language
//!
//! Views are thin: a component shows state and sends commands; the rules are in `domain`.

// Deeply nested views are deep types.
#![recursion_limit = "256"]

pub mod address;
pub mod api;
#[cfg(feature = "staff")]
pub mod device;
#[cfg(feature = "staff")]
pub mod floor;
#[cfg(feature = "guest")]
pub mod guest;
#[cfg(feature = "staff")]
pub mod kitchen;
pub mod live;
pub mod page;
pub mod parts;
#[cfg(all(feature = "staff", feature = "ssr"))]
pub mod people;
pub mod shell;
#[cfg(all(feature = "staff", feature = "ssr"))]
pub mod sign_in;
#[cfg(feature = "staff")]
pub mod staff;
pub mod words;
