//! The headers on every answer, and where requests may come from.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// On every answer. Pages set a stricter `Content-Security-Policy` of their own, with a nonce.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()"),
];

/// What anything but a page may do when a browser shows it: nothing.
const CSP_OF_OTHERS: &str = "default-src 'none'; frame-ancestors 'none'";

/// What a page may do: our scripts and WASM, our sheet, our pictures and sounds, our connection.
pub(super) fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Under TLS, that browsers come by TLS alone from then on: for a year.
const STRICT_TRANSPORT: &str = "max-age=31536000";

pub(super) async fn headers(State(origins): State<Arc<Origins>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if origins.is_secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT_TRANSPORT));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP_OF_OTHERS));
    response
}

/// Where requests that change something, and live connections, may come from.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// `https://order.example.com`, where it is known how people reach this server.
    pub public_url: Option<String>,
}

impl Origins {
    /// Whether people come by HTTPS.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// Browsers say where a request comes from, and can't be made to lie. What says nothing is no
    /// browser, or a plain navigation, which changes nothing.
    fn allows(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        // Where it is known how people come, nobody comes otherwise: a name that leads here is not ours for that.
        if let Some(public_url) = &self.public_url {
            return origin.eq_ignore_ascii_case(public_url);
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let from = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        // Behind a proxy that rewrites the host, only the public URL tells.
        from.is_some() && from == host
    }
}

/// Refuses what comes from another site: changes, and live connections.
pub(super) async fn check_origin(State(origins): State<Arc<Origins>>, request: Request, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD) && !request.uri().path().starts_with("/socket.io");
    if harmless || origins.allows(request.headers()) {
        return next.run(request).await;
    }
    // Not its address: a table's code may stand in it.
    tracing::info!(method = %request.method(), "refused a request from another site");
    (StatusCode::FORBIDDEN, "This request comes from another site. If it is yours, start comanda with --public-url.\n")
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("order.example.com"))]);
        headers.extend(origin.map(|origin| (header::ORIGIN, HeaderValue::from_static(origin))));
        headers
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        let origins = Origins { public_url: None };
        assert!(origins.allows(&asked(Some("https://order.example.com"))));
        assert!(origins.allows(&asked(None)));
        for foreign in ["https://evil.example", "null", "https://order.example.com.evil.example"] {
            assert!(!origins.allows(&asked(Some(foreign))), "{foreign}");
        }
        let origins = Origins { public_url: Some("https://tasca.example".to_owned()) };
        assert!(origins.allows(&asked(Some("https://tasca.example"))));
        for foreign in ["https://order.example.com", "http://tasca.example", "https://tasca.example:8443"] {
            assert!(!origins.allows(&asked(Some(foreign))), "{foreign}: with a public address, only that one");
        }
    }
}
