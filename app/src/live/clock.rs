//! The server's time on this screen, so that ages are right on a wall whose own clock is not.

use std::time::Duration;

use domain::Time;
use leptos::prelude::*;

/// The server's time. The first render shows the time at which the page was made, as the server did.
#[derive(Clone, Copy)]
pub struct Clock {
    now: RwSignal<Time>,
    /// This screen's clock minus the server's, in ms.
    ahead_ms: StoredValue<f64>,
}

impl Clock {
    /// A clock that stands at the time of the page until [`Self::run`].
    pub fn at(now: Time) -> Self {
        Self { now: RwSignal::new(now), ahead_ms: StoredValue::new(0.0) }
    }

    /// Ticks every second from now on. In the browser only.
    pub fn run(self) {
        self.set(self.now.get_untracked());
        set_interval(move || self.now.set(self.read()), Duration::from_secs(1));
    }

    /// Takes the server's word for what time it is.
    pub fn set(self, server: Time) {
        self.ahead_ms.set_value(js_sys::Date::now() - server.0 as f64);
        self.now.set(server);
    }

    /// The time of the last tick; whoever reads it in a view is drawn again at each.
    pub fn get(self) -> Time {
        self.now.get()
    }

    /// The exact time, for a command.
    pub fn read(self) -> Time {
        Time((js_sys::Date::now() - self.ahead_ms.get_value()).max(0.0) as u64)
    }

    /// Whole minutes from `since` to the last tick.
    pub fn minutes_since(self, since: Time) -> u64 {
        self.get().ms_since(since) / 60_000
    }
}
