//! What is said of what waits for its answer, wherever it is shown.

use domain::Rejection;

use crate::live::Link;
use crate::parts::Icon;
use crate::words::Speech;

/// What is said of something that was asked and is not answered yet.
pub(crate) fn under_way(speech: Speech, link: Link) -> (Icon, &'static str) {
    match link {
        Link::Lost => (Icon::Offline, speech.cart().waits_for_connection),
        Link::CantSave => (Icon::Info, speech.reason(Rejection::Unavailable)),
        Link::Connecting | Link::Live | Link::Ended => (Icon::Clock, speech.cart().sending),
    }
}
