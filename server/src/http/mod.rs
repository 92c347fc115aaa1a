//! HTTP: pages, server functions, assets, health, and the headers on all of them.

mod assets;
mod health;
mod pages;
mod security;

use std::sync::Arc;

use app::backend::Backend;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use socketioxide::layer::SocketIoLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use health::{Health, Readiness};
pub use security::Origins;

/// The largest body of a request, in bytes: a form, or one long-polling payload.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// What the pages and the rest are served with.
pub struct Parts {
    /// For the pages.
    pub backend: Arc<dyn Backend>,
    /// For `/healthz` and `/readyz`.
    pub health: Arc<Health>,
    /// Where requests may come from.
    pub origins: Origins,
    /// `/socket.io`.
    pub live: SocketIoLayer,
}

/// Everything that is served.
pub fn router(parts: Parts) -> anyhow::Result<Router> {
    let health =
        Router::new().route("/healthz", get(health::alive)).route("/readyz", get(health::ready)).with_state(parts.health);
    let dynamic = pages::router(parts.backend)?.layer(CompressionLayer::new().br(true).gzip(true));
    Ok(Router::new()
        .merge(health)
        .merge(assets::router())
        .merge(dynamic)
        .layer(parts.live)
        .layer(from_fn_with_state(parts.origins, security::check_origin))
        .layer(axum::middleware::from_fn(security::headers))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::new()))
}
