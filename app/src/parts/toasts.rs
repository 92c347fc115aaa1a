//! What was refused, in words: short notes that go by themselves, or by a tap.

use std::time::Duration;

use domain::Rejection;
use leptos::prelude::*;

use super::boxed::effect;
use super::icons::{Icon, Symbol};
use super::{Erase, each};
use crate::live::Notice;
use crate::words::speech;

/// How long a notice stays, unless somebody takes it away: time to read two sentences, slowly.
const STAYS_FOR: Duration = Duration::from_secs(10);

/// A page's notices, as a context: a modal dialog covers the page, so it shows them itself.
#[derive(Clone, Copy)]
pub struct Notices {
    /// What was refused.
    pub notices: Signal<Vec<Notice>>,
    /// Takes away the notice of that id.
    pub on_dismiss: Callback<u32>,
}

/// The notices, newest last. Screen readers are told of each.
#[component]
pub fn Toasts(
    /// What was refused.
    #[prop(into)]
    notices: Signal<Vec<Notice>>,
    /// Takes away the notice of that id.
    #[prop(into)]
    on_dismiss: Callback<u32>,
) -> impl IntoView {
    let ids = move || notices.with(|notices| notices.iter().map(|notice| u128::from(notice.id)).collect());
    let row = move |id: u128| {
        let notice = notices.with_untracked(|notices| notices.iter().find(|notice| u128::from(notice.id) == id).cloned());
        notice.map(|notice| view! { <Toast notice on_dismiss /> }).erased()
    };
    view! {
        <div class="toasts" role="log" aria-live="polite">
            {each(ids, row)}
        </div>
    }
    .erased()
}

#[component]
fn Toast(notice: Notice, on_dismiss: Callback<u32>) -> impl IntoView {
    let speech = speech();
    let Notice { id, reason } = notice;
    effect(move || {
        let timer = set_timeout_with_handle(move || on_dismiss.run(id), STAYS_FOR);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    view! {
        <div class="toast" class:is-mild=is_mild(reason)>
            <Symbol icon=if is_mild(reason) { Icon::Info } else { Icon::Warning } />
            <p>{speech.reason(reason)}</p>
            <button type="button" class="icon-button" aria-label=speech.common().close on:click=move |_| on_dismiss.run(id)>
                <Symbol icon=Icon::Cross />
            </button>
        </div>
    }
    .erased()
}

/// Whether all is well nonetheless: somebody else did it, or it is being tried again.
const fn is_mild(reason: Rejection) -> bool {
    matches!(reason, Rejection::AlreadySent) || reason.is_temporary()
}
