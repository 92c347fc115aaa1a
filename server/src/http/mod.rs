//! HTTP: pages, server functions, assets, health, and the headers on all of them.

mod assets;
mod compress;
mod health;
mod metrics;
mod pages;
mod polling;
mod renders;
mod security;
mod serve;

use std::convert::Infallible;
use std::sync::Arc;

use app::api::backend::Backend;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use socketioxide::layer::SocketIoLayer;
use tower::{Layer, service_fn};
use tower_http::catch_panic::CatchPanicLayer;

use crate::guard::Persons;

pub use health::{Health, Readiness};
pub use metrics::Metrics;
pub use security::Origins;
pub use serve::{Door, serve};

/// What the pages and the rest are served with.
pub struct Parts {
    /// For the pages.
    pub backend: Arc<dyn Backend>,
    /// For `/healthz` and `/readyz`.
    pub health: Arc<Health>,
    /// For `/metrics`.
    pub metrics: Arc<Metrics>,
    /// Where requests may come from.
    pub origins: Arc<Origins>,
    /// What each may still ask.
    pub persons: Arc<Persons>,
    /// `/socket.io`.
    pub live: SocketIoLayer,
}

/// Everything that is served.
pub fn router(parts: Parts) -> anyhow::Result<Router> {
    let health = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(Arc::clone(&parts.health));
    let metrics = Router::new().route("/metrics", get(metrics::tell)).with_state(parts.metrics);
    // Made once, and cloned: as a layer of the router it would be made anew for each connection, and each
    // would know its own sessions alone, so that long-polling over two connections found none.
    let live = parts.live.layer(service_fn(async |_: Request| Ok::<_, Infallible>(StatusCode::NOT_FOUND.into_response())));
    let live = Router::new()
        .route_service("/socket.io", live.clone())
        .route_service("/socket.io/", live)
        .layer(from_fn_with_state(Arc::clone(&parts.health), health::send_elsewhere))
        .layer(from_fn_with_state(parts.persons, polling::bound));
    let dynamic = pages::router(parts.backend)?;
    Ok(Router::new()
        .merge(health)
        .merge(metrics)
        .merge(assets::router())
        .merge(dynamic)
        .merge(live)
        .layer(from_fn_with_state(Arc::clone(&parts.origins), security::check_origin))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(parts.origins, security::headers)))
}
