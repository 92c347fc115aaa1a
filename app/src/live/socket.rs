//! The official Socket.IO client, bound. The build puts it beside the generated script.

use js_sys::{Function, JSON};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./socket.io.js")]
extern "C" {
    /// A connection that reconnects by itself.
    #[derive(Clone)]
    pub(super) type Socket;

    #[wasm_bindgen(js_name = io)]
    fn io(options: &JsValue) -> Socket;

    #[wasm_bindgen(method)]
    fn on(this: &Socket, event: &str, handler: &Function);

    #[wasm_bindgen(method)]
    fn timeout(this: &Socket, ms: u32) -> Socket;

    #[wasm_bindgen(method, js_name = emit)]
    fn emit_with_ack(this: &Socket, event: &str, message: &JsValue, ack: &Function);

    #[wasm_bindgen(method)]
    pub(super) fn connect(this: &Socket);

    #[wasm_bindgen(method)]
    pub(super) fn disconnect(this: &Socket);

    #[wasm_bindgen(method, getter)]
    pub(super) fn connected(this: &Socket) -> bool;

    /// Whether it connects again by itself.
    #[wasm_bindgen(method, getter)]
    pub(super) fn active(this: &Socket) -> bool;
}

/// How long an answer is waited for.
const ANSWER_TIMEOUT_MS: u32 = 8_000;

/// How the connection is made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options<'a, A> {
    path: &'a str,
    auth: &'a A,
    transports: [&'a str; 2],
    try_all_transports: bool,
    reconnection_delay: u32,
    reconnection_delay_max: u32,
    randomization_factor: f32,
    timeout: u32,
}

impl Socket {
    /// Connects: WebSocket first; long-polling where a network allows nothing better.
    pub(super) fn open<A: Serialize>(auth: &A) -> Option<Self> {
        let options = Options {
            path: "/socket.io",
            auth,
            transports: ["websocket", "polling"],
            try_all_transports: true,
            reconnection_delay: 250,
            reconnection_delay_max: 3_000,
            randomization_factor: 0.5,
            timeout: 8_000,
        };
        Some(io(&to_js(&options)?))
    }

    /// Calls `handler` with each message of that name.
    pub(super) fn on_message<M: DeserializeOwned>(&self, event: &str, mut handler: impl FnMut(M) + 'static) {
        self.on_raw(event, move |message| {
            if let Some(message) = from_js(&message) {
                handler(message);
            }
        });
    }

    /// Calls `handler` at each event of the connection itself.
    pub(super) fn on_event(&self, event: &str, mut handler: impl FnMut() + 'static) {
        self.on_raw(event, move |_| handler());
    }

    /// Calls `handler` each time the connection ends, with why.
    pub(super) fn on_end(&self, mut handler: impl FnMut(&str) + 'static) {
        self.on_raw("disconnect", move |reason| handler(&reason.as_string().unwrap_or_default()));
    }

    /// Calls `handler` each time a connection can't be made, with why.
    pub(super) fn on_refused(&self, mut handler: impl FnMut(&str) + 'static) {
        self.on_raw("connect_error", move |error| {
            let message = js_sys::Reflect::get(&error, &"message".into()).ok().and_then(|message| message.as_string());
            handler(&message.unwrap_or_default());
        });
    }

    fn on_raw(&self, event: &str, handler: impl FnMut(JsValue) + 'static) {
        // The connection lives as long as the page, and so does what listens to it.
        let handler = Closure::<dyn FnMut(JsValue)>::new(handler).into_js_value();
        self.on(event, handler.unchecked_ref());
    }

    /// Sends a message and calls `answered` once: with the answer, or with nothing after a time-out.
    pub(super) fn ask<Q: Serialize, R: DeserializeOwned>(
        &self,
        event: &str,
        message: &Q,
        answered: impl FnOnce(Option<R>) + 'static,
    ) {
        let Some(message) = to_js(message) else { return answered(None) };
        let ack = Closure::once_into_js(move |error: JsValue, answer: JsValue| {
            answered(if error.is_null() || error.is_undefined() { from_js(&answer) } else { None });
        });
        self.timeout(ANSWER_TIMEOUT_MS).emit_with_ack(event, &message, ack.unchecked_ref());
    }
}

fn to_js<T: Serialize>(value: &T) -> Option<JsValue> {
    JSON::parse(&serde_json::to_string(value).ok()?).ok()
}

fn from_js<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    let text = JSON::stringify(value).ok()?.as_string()?;
    match serde_json::from_str(&text) {
        Ok(value) => Some(value),
        Err(error) => {
            leptos::logging::warn!("a message can't be read: {error}");
            None
        }
    }
}
