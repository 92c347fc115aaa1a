//! The pages, rendered with everything they show, and the server functions behind them.

use std::sync::Arc;

use app::backend::Backend;
use app::page::{Bundle, Page};
use app::shell::shell;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::Language;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{expect_context, provide_context};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::ResponseOptions;

use super::{assets, security};

/// The longest address of a page.
const MAX_PATH_BYTES: usize = 512;
/// The largest form, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The pages and the server functions.
pub(super) fn router(backend: Arc<dyn Backend>) -> anyhow::Result<Router> {
    // The folder of the generated files is their content's hash.
    let pkg_dir: Arc<str> = assets::pkg_dir()?.into();
    let page = {
        let backend = Arc::clone(&backend);
        move |request: Request| render(request, Arc::clone(&backend), Arc::clone(&pkg_dir))
    };
    let call = move |request: Request| call(request, Arc::clone(&backend));
    let calls = server_fn_paths().fold(Router::new(), |router, (path, _)| router.route(path, post(call.clone())));
    Ok(calls.route("/", get(page.clone())).fallback(page))
}

async fn call(request: Request, backend: Arc<dyn Backend>) -> Response {
    // The server functions would read a body of any length.
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let request = Request::from_parts(parts, Body::from(body));
    let mut response =
        leptos_axum::handle_server_fns_with_context(move || provide_context(Arc::clone(&backend)), request).await.into_response();
    never_kept(response.headers_mut());
    response
}

async fn render(request: Request<Body>, backend: Arc<dyn Backend>, pkg_dir: Arc<str>) -> Response {
    if request.uri().path().len() > MAX_PATH_BYTES {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    let page = Page::at(request.uri().path());
    let language = language_of(request.headers());
    let is_somewhere = page.is_some();
    let options = LeptosOptions::builder().output_name(Bundle::of(page.as_ref()).name()).site_pkg_dir(pkg_dir).build();
    let document = move || {
        if !is_somewhere {
            expect_context::<ResponseOptions>().set_status(StatusCode::NOT_FOUND);
        }
        set_policy();
        shell(options.clone(), page.clone(), language)
    };
    let render = leptos_axum::render_app_async_with_context(move || provide_context(Arc::clone(&backend)), document);
    let mut response = render(request).await;
    never_kept(response.headers_mut());
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    response
}

/// What this page may do, by the nonce that its scripts carry.
fn set_policy() {
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    if let Ok(policy) = HeaderValue::from_str(&security::page_policy(&nonce)) {
        expect_context::<ResponseOptions>().insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// A page shows what is true now, and to whom: nobody keeps it.
fn never_kept(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// The language that was chosen on this device, else the browser's best, else English.
fn language_of(headers: &HeaderMap) -> Language {
    let chosen = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .find_map(|cookies| cookies.split(';').find_map(|pair| pair.trim().strip_prefix("comanda_language=")?.parse().ok()));
    let wished = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::from_accept_language);
    chosen.or_else(wished).unwrap_or_default()
}
