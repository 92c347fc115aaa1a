//! Calls a server function with the browser's own `fetch`: the same call as the generated client's, at a
//! fraction of what a phone would download for that.

use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response, UrlSearchParams};

use crate::calls::PageError;

/// Sends a form to a server function and reads what it answers.
pub async fn post<T: DeserializeOwned>(url: &str, form: &[(&str, &str)]) -> Result<T, PageError> {
    match send(url, form).await {
        Ok((true, answer)) => serde_json::from_str(&answer).map_err(|_| PageError::Unreachable),
        Ok((false, answer)) => Err(serde_json::from_str(&answer).unwrap_or(PageError::Unreachable)),
        Err(_) => Err(PageError::Unreachable),
    }
}

/// Whether it was done, and the answer's text.
async fn send(url: &str, form: &[(&str, &str)]) -> Result<(bool, String), JsValue> {
    let body = UrlSearchParams::new()?;
    form.iter().for_each(|(name, value)| body.append(name, value));
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    let fetched = leptos::prelude::window().fetch_with_str_and_init(url, &request);
    let response: Response = JsFuture::from(fetched).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
