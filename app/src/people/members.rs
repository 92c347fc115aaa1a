//! Who works here: adding, changing and removing somebody, their password and their PIN.

use domain::Role;
use domain::text::NAME_MAX_CHARS;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::people::{AddMember, ChangeMember, Member, People, RemoveMember, SetPassword, SetPin, SignOutMember};
use crate::parts::{Erase, Icon, Symbol, with_icon};
use crate::words::Speech;

/// Everybody, and adding somebody.
pub(super) fn members(speech: Speech, people: &People) -> AnyView {
    let words = speech.people();
    let members = people.members.iter().map(|of| member(speech, people, of)).collect_view();
    view! {
        <ul class="people-list">{members}</ul>
        <details class="person person-new">
            <summary><Symbol icon=Icon::Plus />{words.add_person}</summary>
            <form method="post" action=AddMember::PATH class="person-form">
                {venue(people)}
                {field(speech.sign_in().staff_name, "called", None)}
                <label class="field">
                    <span>{words.sign_in_name}</span>
                    <input class="text-input" name="staff" required maxlength="64" pattern="[a-zA-Z0-9\\-]+" autocapitalize="none" autocomplete="off" spellcheck="false" />
                </label>
                {roles(speech, Role::Waiter)}
                {new_password(speech, people)}
                {pin(speech)}
                <button class="button">{words.add_person}</button>
            </form>
        </details>
    }
    .erased()
}

fn member(speech: Speech, people: &People, member: &Member) -> AnyView {
    let words = speech.people();
    let is_me = member.id == people.me;
    let of = move || view! { <input type="hidden" name="staff" value=member.id.to_string() /> }.erased();
    let me = is_me.then(|| view! { <span class="person-me">"(" {words.you} ")"</span> }.erased());
    let has_pin = member.has_pin.then(|| with_icon("tag", Icon::Check, words.has_pin));
    view! {
        <li>
            <details class="person">
                <summary>
                    <span class="person-name">{member.name.to_string()} " " {me}</span>
                    <span class="person-role">{words.role(member.role)}</span>
                    <span class="person-id">{member.id.to_string()}</span>
                    {has_pin}
                    <Symbol icon=Icon::ChevronDown />
                </summary>
                <form method="post" action=ChangeMember::PATH class="person-form">
                    {venue(people)}{of()}
                    {field(speech.sign_in().staff_name, "called", Some(member.name.to_string()))}
                    {roles(speech, member.role)}
                    <button class="button button-quiet">{words.change}</button>
                </form>
                <form method="post" action=SetPassword::PATH class="person-form">
                    {venue(people)}{of()}
                    {new_password(speech, people)}
                    <button class="button button-quiet">{words.change}</button>
                </form>
                <form method="post" action=SetPin::PATH class="person-form">
                    {venue(people)}{of()}
                    {pin(speech)}
                    <button class="button button-quiet">{words.change}</button>
                </form>
                <form method="post" action=SignOutMember::PATH class="person-form">
                    {venue(people)}{of()}
                    <button class="button button-quiet">{words.sign_out_everywhere}</button>
                </form>
                <details class="person-remove">
                    <summary>{words.remove_person}</summary>
                    <form method="post" action=RemoveMember::PATH class="person-form">
                        {venue(people)}{of()}
                        <button class="button button-danger">{words.remove_person_yes(member.name.as_str())}</button>
                    </form>
                </details>
            </details>
        </li>
    }
    .erased()
}

/// Says of which venue a form is.
pub(super) fn venue(people: &People) -> AnyView {
    view! { <input type="hidden" name="venue" value=people.venue.to_string() /> }.erased()
}

/// A field for a name.
pub(super) fn field(label: &'static str, name: &'static str, value: Option<String>) -> AnyView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input class="text-input" name=name required maxlength=NAME_MAX_CHARS value=value autocomplete="off" />
        </label>
    }
    .erased()
}

fn roles(speech: Speech, now: Role) -> AnyView {
    let words = speech.people();
    let options = Role::ALL.into_iter().map(|role| {
        let value = serde_json::to_value(role).ok().and_then(|value| value.as_str().map(str::to_owned));
        view! { <option value=value selected=role == now>{words.role(role)}</option> }
    });
    view! {
        <label class="field">
            <span>{words.works_as}</span>
            <select class="text-input" name="role">{options.collect_view()}</select>
        </label>
    }
    .erased()
}

fn new_password(speech: Speech, people: &People) -> AnyView {
    let words = speech.people();
    view! {
        <label class="field">
            <span>{words.new_password}</span>
            <input
                class="text-input person-secret"
                name="password"
                required
                minlength="8"
                maxlength="200"
                value=people.fresh_password.clone()
                autocomplete="new-password"
                autocapitalize="none"
                spellcheck="false"
            />
            <small>{words.password_hint}</small>
        </label>
    }
    .erased()
}

fn pin(speech: Speech) -> AnyView {
    let words = speech.sign_in();
    view! {
        <label class="field">
            <span>{words.pin}</span>
            <input class="text-input person-secret" name="pin" maxlength="8" inputmode="numeric" pattern="[0-9]{4,8}" autocomplete="off" />
            <small>{speech.people().pin_hint}</small>
        </label>
    }
    .erased()
}
