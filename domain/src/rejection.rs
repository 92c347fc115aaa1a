//! Why a command was refused: a closed list, so that every screen has words for each.

use serde::{Deserialize, Serialize};

/// The reason of a refusal. On the wire it is its name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// The state is as wished already; somebody was faster, or it was tapped twice.
    #[error("it is so already")]
    Unchanged,
    /// This role may not do this.
    #[error("this role may not do that")]
    NotAllowed,
    /// The stay has ended, or never began.
    #[error("this stay has ended")]
    NotSeated,
    /// No guest of that number sits here.
    #[error("no such guest at this table")]
    NoSuchGuest,
    /// The party is as large as a party can be.
    #[error("the party is full")]
    PartyFull,
    /// The line is not in the cart: removed or sent meanwhile.
    #[error("this line is no longer in the cart")]
    NoSuchLine,
    /// The menu has no such dish.
    #[error("this dish is not on the menu")]
    NoSuchDish,
    /// The dish is sold out.
    #[error("this dish is sold out")]
    SoldOut,
    /// The dish has no such option.
    #[error("this dish has no such option")]
    NoSuchOption,
    /// The option is sold out.
    #[error("this option is sold out")]
    OptionSoldOut,
    /// Too few, too many or doubled options of a group.
    #[error("these options break the dish's rules")]
    OptionsBreakRules,
    /// A quantity outside of what a line can hold.
    #[error("this quantity can't be ordered")]
    QuantityOutOfRange,
    /// The cart holds as many lines as it can.
    #[error("the cart is full")]
    CartFull,
    /// The cart is empty.
    #[error("there is nothing to send")]
    NothingToSend,
    /// That round went to the kitchen already: somebody else sent it, or it was tapped twice.
    #[error("this round was sent already")]
    AlreadySent,
    /// No such round was sent.
    #[error("no such round")]
    NoSuchRound,
    /// The round asked nothing of that station, or not those items.
    #[error("no such ticket at this station")]
    NoSuchTicket,
    /// The stay's record is as long as it can be.
    #[error("this stay's record is full; close it and open another")]
    RecordFull,
    /// The floor has no such table.
    #[error("no such table")]
    NoSuchTable,
    /// A party sits there already.
    #[error("a party sits at this table already")]
    TableTaken,
    /// Nobody sits there.
    #[error("nobody sits at this table")]
    TableFree,
    /// Something that was ordered has not been served.
    #[error("something ordered has not been served yet")]
    NotServedYet,
    /// Only staff open tables in this venue.
    #[error("please ask somebody to open the table")]
    StaffOpensTables,
    /// The id is taken by something else.
    #[error("this id is taken")]
    IdTaken,
    /// What was sent can't be published: the reason stands beside it.
    #[error("this can't be published")]
    NotPublishable,
    /// The dish has another price since the line was added: more of it is a line of its own.
    #[error("its price has changed since; add it from the menu")]
    PriceChanged,
    /// Nobody would be left who may say who works here.
    #[error("this is the last manager; make somebody else a manager first")]
    LastManager,
    /// Nobody of that number asks to be let in: they were, or were turned away.
    #[error("nobody asks to be let in here any more")]
    NoSuchAsk,
    /// A round waits until a waiter accepts it; the next one can be sent then.
    #[error("the last round still waits for a waiter")]
    RoundWaits,
    /// Nobody of that name works here.
    #[error("nobody of that name works here")]
    NoSuchMember,
    /// No such device is known here.
    #[error("no such device is known here")]
    NoSuchDevice,
    /// What is kept can't be read, now or later: an operator has to restore it from a backup.
    #[error("what is kept of this is damaged; please tell whoever runs this installation")]
    Damaged,
    /// The frame can't be read; the reason stands beside it.
    #[error("this can't be understood")]
    Malformed,
    /// Nobody is signed in, or the sign-in has ended.
    #[error("please sign in again")]
    SignedOut,
    /// More commands than a person can tap. Try again in a moment.
    #[error("too many at once; try again in a moment")]
    TooFast,
    /// Nothing can be saved right now. Try again in a moment.
    #[error("nothing can be saved right now; try again in a moment")]
    Unavailable,
    /// A reason of a later release. It is final, as all are that this one does not know to be temporary.
    #[error("it was refused, for a reason that this release does not know")]
    #[serde(other)]
    Unknown,
}

impl Rejection {
    /// Whether the very same command may succeed a little later, so that its sender keeps it.
    pub const fn is_temporary(self) -> bool {
        matches!(self, Self::TooFast | Self::Unavailable)
    }

    /// Whether the refusal of what was sent before is kept in its stream (see [`crate::stream::Progress::refusal_of`]).
    ///
    /// Not where a stay has ended or its record is full, which it will be for an earlier sending as well. Nor where
    /// somebody may not do this: who may not, writes nothing. Nor where the stream can't be read.
    pub const fn is_kept(self) -> bool {
        !self.is_temporary() && !matches!(self, Self::NotSeated | Self::RecordFull | Self::NotAllowed | Self::Damaged)
    }
}
