//! What the build made: scripts, WASM, sheets, icons; inside the binary, compressed once.

use axum::Router;
use axum::extract::Path;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

/// The site that `cargo xtask build` makes.
#[derive(RustEmbed)]
#[folder = "$COMANDA_SITE"]
struct Site;

/// What a folder whose name is its content's hash may be kept for: for good.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// What an icon may be kept for.
const FOR_A_WHILE: &str = "public, max-age=3600";

/// The files of the site.
pub(super) fn router() -> Router {
    Router::new()
        .route("/pkg/{*path}", get(|Path(path): Path<String>, headers: HeaderMap| async move { hashed(&path, &headers) }))
        .route("/sounds/{*path}", get(at_root))
        .route("/favicon.svg", get(at_root))
        .route("/apple-touch-icon.png", get(at_root))
        .route("/icon-192.png", get(at_root))
        .route("/icon-512.png", get(at_root))
        .route("/icon-maskable-512.png", get(at_root))
        .route("/manifest.webmanifest", get(at_root))
        .route("/robots.txt", get(at_root))
}

/// The folder of this build's scripts: `pkg/` and their hash.
pub(super) fn pkg_dir() -> anyhow::Result<String> {
    let hash =
        Site::get("pkg.hash").ok_or_else(|| anyhow::anyhow!("this binary holds no pages: build it with `cargo xtask build`"))?;
    Ok(format!("pkg/{}", String::from_utf8_lossy(&hash.data).trim()))
}

fn hashed(path: &str, headers: &HeaderMap) -> Response {
    file(&format!("pkg/{path}"), headers, FOR_GOOD)
}

async fn at_root(uri: Uri, headers: HeaderMap) -> Response {
    file(uri.path().trim_start_matches('/'), &headers, FOR_A_WHILE)
}

/// A file, in the best encoding that the browser takes and the build made.
fn file(path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let encoded = [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(encoding, ending)| {
        takes(accepted, encoding).then(|| Site::get(&format!("{path}.{ending}"))).flatten().map(|file| (file, Some(encoding)))
    });
    match encoded.or_else(|| Site::get(path).map(|file| (file, None))) {
        Some((file, encoding)) => answer(path, file, encoding, cache),
        None => (StatusCode::NOT_FOUND, "no such file\n").into_response(),
    }
}

/// Whether an `Accept-Encoding` names an encoding, and not to refuse it (RFC 9110, section 12.5.3).
pub(super) fn takes(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|wish| {
        let (name, weight) = wish.split_once(';').unwrap_or((wish, ""));
        let is_refused = || weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
        name.trim().eq_ignore_ascii_case(encoding) && !is_refused()
    })
}

fn answer(path: &str, file: EmbeddedFile, encoding: Option<&'static str>, cache: &'static str) -> Response {
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "wav" => "audio/wav",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::takes;

    #[test]
    fn an_encoding_is_taken_where_it_is_named_and_not_refused() {
        assert!(takes("gzip, deflate, br", "br"));
        assert!(takes("BR;q=0.5", "br"));
        for accepted in ["", "gzip", "br;q=0", "gzip;q=1, br; q=0.000", "brotli"] {
            assert!(!takes(accepted, "br"), "{accepted}");
        }
    }
}
