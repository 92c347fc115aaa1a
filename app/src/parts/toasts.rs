//! What was refused, in words: short notes that go by themselves, or by a tap.

use std::time::Duration;

use domain::Rejection;
use leptos::prelude::*;

use super::Erase;
use super::icons::{Icon, Symbol};
use crate::live::Notice;
use crate::words::speech;

/// How long a notice stays, unless somebody takes it away: time to read two sentences, slowly.
const STAYS_FOR: Duration = Duration::from_secs(10);

/// The notices, newest last. Screen readers are told of each.
#[component]
pub fn Toasts(
    /// What was refused.
    notices: RwSignal<Vec<Notice>>,
    /// Takes away the notice of that id.
    #[prop(into)]
    on_dismiss: Callback<u32>,
) -> impl IntoView {
    view! {
        <div class="toasts" role="log" aria-live="polite">
            <For each=move || notices.get() key=|notice| notice.id let:notice>
                <Toast notice on_dismiss />
            </For>
        </div>
    }
}

#[component]
fn Toast(notice: Notice, on_dismiss: Callback<u32>) -> impl IntoView {
    let speech = speech();
    let Notice { id, reason } = notice;
    Effect::new(move |_| {
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
            <button type="button" class="icon-button" aria-label=speech.shared().close on:click=move |_| on_dismiss.run(id)>
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
