//! What one address, one person, one device may take, so that nobody can take it all.
//!
//! - [`address`]: whose request it is: the connection's other end, or what a named proxy says of it
//! - [`buckets`]: rate limits, by whatever they are counted
//! - [`connections`]: how many are open, in total and by address
//! - [`joins`]: how often one may join a table; [`persons`]: what one may ask on the live channel

pub mod address;
pub mod buckets;
pub mod connections;
pub mod joins;
pub mod persons;

pub use address::{Client, Network, Proxies};
pub use buckets::{Bucket, Buckets, Rate, Tokens};
pub use connections::{Connections, Limits};
pub use joins::{JoinLimits, Way};
pub use persons::{Person, Persons};
