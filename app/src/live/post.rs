//! Asks a server function with the browser's own `fetch`: the same request as the generated client's, at a
//! fraction of what a phone would download for that.

use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
#[cfg(feature = "guest")]
use web_sys::{FormData, HtmlFormElement};
use web_sys::{RequestInit, Response, UrlSearchParams};

use crate::api::PageError;

/// Sends a form to a server function and reads what it answers.
pub async fn post<T: DeserializeOwned>(url: &str, form: &UrlSearchParams) -> Result<T, PageError> {
    match send(url, form).await {
        Ok((true, answer)) => serde_json::from_str(&answer).map_err(|_| PageError::Unreachable),
        Ok((false, answer)) => Err(serde_json::from_str(&answer).unwrap_or(PageError::Unreachable)),
        Err(_) => Err(PageError::Unreachable),
    }
}

/// A form of these fields.
pub fn form<const N: usize>(fields: [(&str, String); N]) -> UrlSearchParams {
    let form = UrlSearchParams::new().unwrap_or_else(|_| unreachable!("an empty one can be made"));
    fields.iter().for_each(|(name, value)| form.append(name, value));
    form
}

/// What stands in a form of the page: what the browser itself would send.
#[cfg(feature = "guest")]
pub fn form_of(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    UrlSearchParams::new_with_str_sequence_sequence(FormData::new_with_form(form).ok()?.as_ref()).ok()
}

/// Whether it was done, and the answer's text.
async fn send(url: &str, form: &UrlSearchParams) -> Result<(bool, String), JsValue> {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(form);
    let fetched = leptos::prelude::window().fetch_with_str_and_init(url, &request);
    let response: Response = JsFuture::from(fetched).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
