//! Ids that can't be mistaken for one another.
//!
//! Random ids (128 bits, written as 32 hex digits) name what is made while people are eating; slugs
//! name what a venue's file declares, and stay readable in a log or a link.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    /// Not 32 hex digits.
    #[error("an id is 32 hexadecimal digits")]
    NotHex,
    /// Not a slug.
    #[error("an id is 1 to {SLUG_MAX_BYTES} of a-z, 0-9 and '-', not “{0}”")]
    NotASlug(String),
}

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(#[serde(with = "uuid::serde::simple")] Uuid);

        impl $name {
            /// Wraps 128 random bits; whoever makes the id brings the randomness.
            pub const fn new(random: Uuid) -> Self {
                Self(random)
            }

            /// An id for tests and examples, told by a number.
            pub const fn numbered(n: u128) -> Self {
                Self(Uuid::from_u128(n))
            }

            /// The 128 bits.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.simple().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                if text.len() != 32 {
                    return Err(BadId::NotHex);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| BadId::NotHex)
            }
        }
    };
}

random_id! {
    /// One party's stay at a table, from opened to closed.
    SeatingId
}
random_id! {
    /// Made by the sender of a command, so that a resent command is answered and not repeated.
    MutationId
}
random_id! {
    /// One line of a cart. It is the mutation that added it, so the adder knows it at once.
    LineId
}

impl MutationId {
    /// The mutation of whoever knows a secret: the same each time, and nobody can tell the secret from it (RFC 9562,
    /// section 5.5: 122 bits of a SHA-1). So a browser can ask twice for the same, and what stands in a stream, where others
    /// read it, does not let them ask in its place.
    pub fn of_secret(secret: Self) -> Self {
        Self::new(Uuid::new_v5(&secret.uuid(), b"comanda: joins as"))
    }
}

impl From<MutationId> for LineId {
    fn from(mutation: MutationId) -> Self {
        Self(mutation.0)
    }
}

/// The longest slug, in bytes.
pub const SLUG_MAX_BYTES: usize = 64;

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The slug as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;

            fn try_from(text: String) -> Result<Self, BadId> {
                if is_slug(&text) { Ok(Self(text.into())) } else { Err(not_a_slug(&text)) }
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

fn is_slug(text: &str) -> bool {
    (1..=SLUG_MAX_BYTES).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn not_a_slug(text: &str) -> BadId {
    BadId::NotASlug(text.chars().take(SLUG_MAX_BYTES).collect())
}

slug_id! {
    /// A restaurant.
    VenueId
}
slug_id! {
    /// A piece of furniture with a label, an area and a QR code.
    TableId
}
slug_id! {
    /// Where something is cooked or poured: grill, cold, bar …
    StationId
}
slug_id! {
    /// A heading of the menu.
    CategoryId
}
slug_id! {
    /// Something that can be ordered.
    DishId
}
slug_id! {
    /// A question a dish asks: “how would you like it?”
    GroupId
}
slug_id! {
    /// An answer to such a question.
    OptionId
}
slug_id! {
    /// Somebody who works here.
    StaffId
}

/// A guest within one seating: 1 is who came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GuestNo(pub u16);

/// A device of a venue's staff, signed in here at least once: 1 was the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceNo(pub u32);

/// Somebody's asking to be let in at one seating: 1 asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AskNo(pub u16);

/// A round within one seating: 1 is what was sent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoundNo(pub u16);

/// What a table's QR code holds: 128 random bits. It leads to the table, no more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TableToken(#[serde(with = "uuid::serde::simple")] Uuid);

impl TableToken {
    /// Wraps 128 random bits.
    pub const fn new(random: Uuid) -> Self {
        Self(random)
    }

    /// The token as it stands in a link. `Display` is left out, so that none slips into a log.
    pub fn in_link(self) -> String {
        self.0.simple().to_string()
    }
}

impl fmt::Debug for TableToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TableToken(…)")
    }
}

impl FromStr for TableToken {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        if text.len() != 32 {
            return Err(BadId::NotHex);
        }
        Uuid::try_parse(text).map(Self).map_err(|_| BadId::NotHex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let id = SeatingId::numbered(7);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(serde_json::to_string(&id).ok(), Some(format!("\"{id}\"")));
    }

    #[test]
    fn who_knows_a_secret_is_known_again_after_an_upgrade() {
        assert_eq!(MutationId::of_secret(MutationId::numbered(7)).to_string(), "fa1f8745a5cd5adda65ef0fe899f84fc");
    }

    #[test]
    fn a_slug_refuses_what_does_not_belong_in_a_link() {
        assert!("caldo-verde".parse::<DishId>().is_ok());
        for bad in ["", "Caldo", "a/b", "a b", "é", &"x".repeat(SLUG_MAX_BYTES + 1)] {
            assert!(bad.parse::<DishId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_token_does_not_show_itself_in_a_log() {
        let token = TableToken::new(Uuid::from_u128(1));
        assert!(!format!("{token:?}").contains('1'));
    }
}
