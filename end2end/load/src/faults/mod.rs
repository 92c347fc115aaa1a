//! What is broken: [`disk`]s that fill; and, drawn from a seed ([`timeline`]), servers, what they stand on,
//! the lines between, and screens ([`inject`](mod@inject)).

pub mod disk;
pub mod inject;
pub mod timeline;
