//! How the connection is, where that is worth a word.

use domain::Rejection;
use leptos::prelude::*;

use super::Erase;
use super::icons::{Icon, Symbol};
use crate::live::Link;
use crate::words::speech;

/// A band that says that the connection is lost, that nothing can be saved, or that one is signed out (a guest's page says
/// by itself that a visit has ended). While all is well it is empty; screen readers are told of every change.
#[component]
pub fn LinkBanner(
    /// The connection.
    link: RwSignal<Link>,
    /// Said behind it while the connection is lost, as how much waits to be sent; empty is nothing.
    #[prop(optional, into)]
    detail: Signal<String>,
) -> impl IntoView {
    let speech = speech();
    let words = speech.common();
    let band = move || match link.get() {
        Link::Connecting | Link::Live => None,
        Link::Lost => Some(
            view! {
                <p class="banner banner-lost">
                    <Symbol icon=Icon::Offline />
                    <span>{words.offline} " " <strong>{detail}</strong></span>
                </p>
            }
            .erased(),
        ),
        Link::CantSave => Some(
            view! {
                <p class="banner banner-lost">
                    <Symbol icon=Icon::Info />
                    <span>{speech.reason(Rejection::Unavailable)} " " <strong>{detail}</strong></span>
                </p>
            }
            .erased(),
        ),
        Link::Ended => Some(
            view! {
                <p class="banner banner-ended">
                    <Symbol icon=Icon::Info />
                    <span>{speech.reason(Rejection::SignedOut)} " " <a href="">{words.sign_in}</a></span>
                </p>
            }
            .erased(),
        ),
    };
    view! { <div class="banner-place" role="status">{band}</div> }
}
