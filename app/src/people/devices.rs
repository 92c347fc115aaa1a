//! The devices that are known here: what they are called, who is on them, signing them out.

use domain::Time;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::members::{field, venue};
use crate::api::people::{Device, NameDevice, People, RemoveDevice, SignOutDevice, SignOutEverybody};
use crate::parts::{Erase, Icon, Symbol, with_icon};
use crate::words::Speech;

/// The devices, and signing all of them out.
pub(super) fn devices(speech: Speech, people: &People) -> AnyView {
    let words = speech.people();
    let devices = people.devices.iter().map(|of| device(speech, people, of)).collect_view();
    view! {
        <ul class="people-list">{devices}</ul>
        <details class="person person-new">
            <summary><Symbol icon=Icon::SignOut />{words.sign_out_all}</summary>
            <form method="post" action=SignOutEverybody::PATH class="person-form">
                {venue(people)}
                <button class="button button-danger">{words.sign_out_all_yes}</button>
            </form>
        </details>
    }
    .erased()
}

fn device(speech: Speech, people: &People, device: &Device) -> AnyView {
    let words = speech.people();
    let of = move || view! { <input type="hidden" name="device" value=device.number.0.to_string() /> }.erased();
    let numbered = words.device_numbered(&device.number.0.to_string());
    let name = device.name.as_ref().map_or(numbered, ToString::to_string);
    let this =
        (device.number == people.device).then(|| view! { <span class="person-me">"(" {words.this_device} ")"</span> }.erased());
    let state = match &device.signed_in_by {
        Some(by) => words.signed_in_by(by.as_str(), &ago(speech, people.now, device.signed_in_at)),
        None => words.is_signed_out.to_owned(),
    };
    let used_by = device.used_by.as_ref().map(|by| with_icon("tag tag-good", Icon::Check, words.used_by(by.as_str())));
    let sign_out = device.signed_in_by.is_some().then(|| {
        view! {
            <form method="post" action=SignOutDevice::PATH class="person-form">
                {venue(people)}{of()}
                <button class="button button-quiet"><Symbol icon=Icon::SignOut />{speech.staff().sign_out}</button>
            </form>
        }
        .erased()
    });
    view! {
        <li>
            <details class="person">
                <summary>
                    <span class="person-name">{name} " " {this}</span>
                    <span class="person-role">{device.kind.as_ref().map(ToString::to_string)}</span>
                    <span class="person-id">{state}</span>
                    {used_by}
                    <Symbol icon=Icon::ChevronDown />
                </summary>
                {sign_out}
                <form method="post" action=NameDevice::PATH class="person-form">
                    {venue(people)}{of()}
                    {field(words.device_name, "called", device.name.as_ref().map(ToString::to_string))}
                    <button class="button button-quiet">{words.change}</button>
                </form>
                <form method="post" action=RemoveDevice::PATH class="person-form">
                    {venue(people)}{of()}
                    <button class="button button-quiet"><Symbol icon=Icon::Trash />{words.forget_device}</button>
                </form>
            </details>
        </li>
    }
    .erased()
}

/// How long ago something was, in the largest unit that fits.
fn ago(speech: Speech, now: Time, then: Time) -> String {
    let minutes = now.ms_since(then) / 60_000;
    match minutes {
        0..60 => format!("{minutes} {}", speech.staff().minutes),
        60..1_440 => format!("{} {}", minutes / 60, speech.people().hours),
        _ => format!("{} {}", minutes / 1_440, speech.people().days),
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    #[test]
    fn how_long_ago_is_told_in_the_largest_unit_that_fits() {
        let ago = |minutes: u64| super::ago(Speech::new(Language::En), Time(minutes * 60_000 + 7), Time(0));
        assert_eq!([0, 59, 60, 1_439, 1_440, 9_000].map(ago), ["0 min", "59 min", "1 h", "23 h", "1 d", "6 d"]);
    }
}
