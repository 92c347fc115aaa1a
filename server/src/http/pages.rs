//! The pages, rendered with everything they show, and the server functions behind them.

use std::sync::Arc;

use app::address::{Bundle, Page};
use app::api::backend::{Backend, Seeds};
use app::shell::shell;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::Language;
use leptos::config::LeptosOptions;
use leptos::nonce::{Nonce, use_nonce};
use leptos::prelude::{expect_context, provide_context};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::ResponseOptions;

use super::compress::compressed;
use super::renders::{Fillings, Renders, Template};
use super::{assets, security};
use crate::clock;
use crate::guard::Network;

/// The longest address of a page.
const MAX_PATH_BYTES: usize = 512;
/// The longest query of a page's address: what a form without a script leads back with.
const MAX_QUERY_BYTES: usize = 2 * 1024;
/// The largest form, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// The largest answer, in bytes: a venue's whole floor.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// What pages are made of.
struct Maker {
    backend: Arc<dyn Backend>,
    /// The folder of the generated files is their content's hash.
    pkg_dir: Arc<str>,
    renders: Renders,
}

/// The pages and the server functions.
pub(super) fn router(backend: Arc<dyn Backend>) -> anyhow::Result<Router> {
    let maker = Arc::new(Maker { backend, pkg_dir: assets::pkg_dir()?.into(), renders: Renders::default() });
    let page = {
        let maker = Arc::clone(&maker);
        move |request: Request| page(request, Arc::clone(&maker))
    };
    let function = move |request: Request| function(request, Arc::clone(&maker));
    let functions = server_fn_paths().fold(Router::new(), |router, (path, _)| router.route(path, post(function.clone())));
    // Whatever else than a page is asked for there is not there.
    let elsewhere = {
        let page = page.clone();
        async move |request: Request| match *request.method() {
            Method::GET | Method::HEAD => page(request).await,
            _ => StatusCode::NOT_FOUND.into_response(),
        }
    };
    Ok(functions.route("/", get(page)).fallback(elsewhere))
}

/// A server function.
async fn function(request: Request, maker: Arc<Maker>) -> Response {
    let (network, accepted) = (Network::of(request.extensions()), request.headers().get(header::ACCEPT_ENCODING).cloned());
    // The server functions would read a body of any length.
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let request = Request::from_parts(parts, Body::from(body));
    let backend = Arc::clone(&maker.backend);
    let answered = leptos_axum::handle_server_fns_with_context(move || provide_context(Arc::clone(&backend)), request);
    let (mut head, body) = answered.await.into_response().into_parts();
    never_kept(&mut head.headers);
    let Ok(body) = to_bytes(body, MAX_ANSWER_BYTES).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    // What was done is answered, also where there is no time to make the answer small.
    let _permit = if body.len() > super::compress::WORTH_BYTES { maker.renders.permit(network).await.ok() } else { None };
    compressed(Response::from_parts(head, Body::empty()), body, accepted.as_ref())
}

/// A page. One that everybody with the same code gets is made once.
async fn page(request: Request, maker: Arc<Maker>) -> Response {
    let too_long =
        request.uri().path().len() > MAX_PATH_BYTES || request.uri().query().is_some_and(|query| query.len() > MAX_QUERY_BYTES);
    if too_long {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    let accepted = request.headers().get(header::ACCEPT_ENCODING).cloned();
    let network = Network::of(request.extensions());
    let page = Page::at(request.uri().path());
    let language = language_of(request.headers());
    let (parts, body) = request.into_parts();
    let key = key_of(&maker, page.as_ref(), &parts).await.map(|key| format!("{key} {}", language.code()));
    let Ok(_permit) = maker.renders.permit(network).await else { return busy() };
    let fillings =
        Fillings { nonce: Nonce::new().to_string(), secret: clock::new_mutation().to_string(), now: clock::now().0.to_string() };
    if let Some(kept) = key.as_ref().and_then(|key| maker.renders.kept(key)) {
        let mut response = Response::new(Body::empty());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        if let Ok(policy) = HeaderValue::from_str(&security::page_policy(&fillings.nonce)) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        is_a_page(response.headers_mut());
        return compressed(response, kept.filled(&fillings).into(), accepted.as_ref());
    }
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(seeds_of(&fillings));
    let (head, body) = render(request, &maker, page, language).await.into_parts();
    let Ok(body) = to_bytes(body, MAX_ANSWER_BYTES).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    if let Some(key) = key
        && head.status == StatusCode::OK
        && !head.headers.contains_key(header::SET_COOKIE)
        && let Some(nonce) = nonce_of(&head.headers)
        && let Ok(text) = std::str::from_utf8(&body)
        && let Some(template) = Template::of(text, &Fillings { nonce, ..fillings })
    {
        maker.renders.keep(key, template);
    }
    compressed(Response::from_parts(head, Body::empty()), body, accepted.as_ref())
}

/// What a page's data is to be made with.
fn seeds_of(fillings: &Fillings) -> Seeds {
    let joins_as = fillings.secret.parse().unwrap_or_else(|_| clock::new_mutation());
    Seeds { joins_as, now: fillings.now.parse().map_or_else(|_| clock::now(), domain::Time) }
}

/// What a page depends on that is the same for everybody with the same code; none for a page of somebody's own.
async fn key_of(maker: &Maker, page: Option<&Page>, request: &Parts) -> Option<String> {
    // An address that says more shows more.
    let Some(Page::Guest { venue, token }) = page.filter(|_| request.uri.query().is_none()) else { return None };
    maker.backend.newcomers_page(venue, *token, request).await
}

async fn render(request: Request, maker: &Maker, page: Option<Page>, language: Language) -> Response {
    let is_somewhere = page.is_some();
    let options =
        LeptosOptions::builder().output_name(Bundle::of(page.as_ref()).name()).site_pkg_dir(Arc::clone(&maker.pkg_dir)).build();
    let document = move || {
        if !is_somewhere {
            expect_context::<ResponseOptions>().set_status(StatusCode::NOT_FOUND);
        }
        set_policy();
        shell(options.clone(), page.clone(), language)
    };
    let backend = Arc::clone(&maker.backend);
    let render = leptos_axum::render_app_async_with_context(move || provide_context(Arc::clone(&backend)), document);
    let mut response = render(request).await;
    is_a_page(response.headers_mut());
    response
}

/// Too many wait for a page. What is sent instead costs nothing, and asks again by itself.
fn busy() -> Response {
    const PAGE: &str = "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>\
        <meta http-equiv=refresh content=3><title>Comanda</title><p>One moment, please \u{2026}</p>";
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::RETRY_AFTER, "3"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, PAGE).into_response()
}

/// What this page may do, by the nonce that its scripts carry.
fn set_policy() {
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    if let Ok(policy) = HeaderValue::from_str(&security::page_policy(&nonce)) {
        expect_context::<ResponseOptions>().insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// The nonce of a page's policy.
fn nonce_of(headers: &HeaderMap) -> Option<String> {
    let policy = headers.get(header::CONTENT_SECURITY_POLICY)?.to_str().ok()?;
    policy.split_once("'nonce-")?.1.split_once('\'').map(|(nonce, _)| nonce.to_owned())
}

fn is_a_page(headers: &mut HeaderMap) {
    never_kept(headers);
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie, accept-encoding"));
}

/// A page shows what is true now, and to whom: nobody keeps it.
fn never_kept(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// The language that was chosen on this device, else the browser's best, else English.
fn language_of(headers: &HeaderMap) -> Language {
    let pairs = headers.get_all(header::COOKIE).iter().flat_map(|cookies| cookies.as_bytes().split(|byte| *byte == b';'));
    let chosen = pairs
        .filter_map(|pair| std::str::from_utf8(pair.trim_ascii()).ok())
        .find_map(|pair| pair.strip_prefix("comanda_language=")?.parse().ok());
    let wished = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::from_accept_language);
    chosen.or_else(wished).unwrap_or_default()
}
