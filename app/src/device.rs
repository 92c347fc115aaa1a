//! What the device can do beside showing a page. In the browser only.

use std::cell::RefCell;

use domain::Time;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlAudioElement;

/// A sound. Each has a twin that can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// A ticket came.
    New,
    /// Something can be carried out.
    Ready,
    /// Something is not to be made any more.
    Void,
}

impl Sound {
    const fn file(self) -> &'static str {
        match self {
            Self::New => "/sounds/new.wav",
            Self::Ready => "/sounds/ready.wav",
            Self::Void => "/sounds/void.wav",
        }
    }
}

thread_local! {
    /// Loaded once, so that they sound without a network too.
    static LOADED: RefCell<[Option<HtmlAudioElement>; 3]> = const { RefCell::new([None, None, None]) };
    /// Takes what a promise is rejected with: what the device can't do, it doesn't.
    static IGNORE: Closure<dyn FnMut(JsValue)> = Closure::new(|_| {});
}

/// Loads every sound. Call it in a tap: without one, browsers keep pages silent.
pub fn allow_sound() {
    for sound in [Sound::New, Sound::Ready, Sound::Void] {
        LOADED.with_borrow_mut(|loaded| {
            let place = &mut loaded[sound as usize];
            if place.is_none() {
                *place = HtmlAudioElement::new_with_src(sound.file()).ok();
            }
        });
    }
}

/// Whether sounds were allowed since the page was loaded.
pub fn may_sound() -> bool {
    LOADED.with_borrow(|loaded| loaded.iter().any(Option::is_some))
}

/// Plays a sound, if it was allowed.
pub fn play(sound: Sound) {
    LOADED.with_borrow(|loaded| {
        let Some(element) = &loaded[sound as usize] else { return };
        element.set_current_time(0.0);
        if let Ok(playing) = element.play() {
            ignore(playing.as_ref());
        }
    });
}

/// Buzzes, where the device can.
pub fn buzz() {
    let _ = call(&window().navigator(), "vibrate", &JsValue::from_f64(200.0));
}

/// Keeps the screen from going dark, for as long as the page is open.
pub fn stay_awake() {
    wake();
    // The browser lets the lock go when the page is hidden.
    window_event_listener_untyped("visibilitychange", |_| wake());
}

fn wake() {
    let lock = Reflect::get(&window().navigator(), &"wakeLock".into()).unwrap_or_default();
    if lock.is_object()
        && let Some(promise) = call(&lock, "request", &"screen".into())
    {
        ignore(&promise);
    }
}

/// Calls a method that not every browser has.
fn call(of: &JsValue, method: &str, with: &JsValue) -> Option<JsValue> {
    let method: Function = Reflect::get(of, &method.into()).ok()?.dyn_into().ok()?;
    method.call1(of, with).ok()
}

fn ignore(promise: &JsValue) {
    if let Some(promise) = promise.dyn_ref::<Promise>() {
        IGNORE.with(|ignore| {
            let _ = promise.catch(ignore);
        });
    }
}

/// A time on this device's clock: `19:42`.
pub fn time_of_day(time: Time) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(time.0 as f64));
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}
