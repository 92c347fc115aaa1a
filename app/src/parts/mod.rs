//! What surfaces share.
//!
//! - [`asking`]: somebody asks to be let in at a table
//! - [`banner`]: how the connection is; [`toasts`]: what was refused, in words
//! - [`calm`]: the second tap of a double tap, which is none
//! - [`dialog`]: a modal dialog that closes by Escape, by its button and by a tap beside it
//! - [`erased`]: views whose types are forgotten at a component's border
//! - [`boxed`]: memos and effects that weigh less
//! - [`each`]: lists whose rows stay
//! - [`icons`]: inline SVG, drawn in the text's colour
//! - [`plain`]: the pages that hold no restaurant: the first page, and an address that leads nowhere
//!
//! Their classes are in `style/base.css`.

pub mod asking;
pub mod banner;
pub mod boxed;
pub mod calm;
pub mod dialog;
pub mod each;
pub mod erased;
pub mod icons;
pub mod plain;
pub mod toasts;

pub use asking::Asking;
pub use banner::LinkBanner;
pub use boxed::{effect, memo};
pub use calm::Calm;
pub use dialog::{Dialog, focus_open_dialog};
pub use each::each;
pub use erased::Erase;
pub use icons::{Icon, Symbol, with_icon};
pub use plain::{Landing, NothingHere, PlainPage};
pub use toasts::{Notices, Toasts};
