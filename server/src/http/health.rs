//! Whether this server lives, and whether it can serve.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONNECTION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::service::Service;

/// How long the log may take to answer.
const LOG_TIMEOUT: Duration = Duration::from_secs(2);

/// What health is told by.
pub struct Health {
    service: Arc<Service>,
    stopping: AtomicBool,
    /// The log answered when it was last asked.
    log_answered: AtomicBool,
}

/// Whether this server can serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// It can.
    Ready,
    /// It stops, and takes nobody new.
    Stopping,
    /// It can't save.
    LogUnavailable(String),
}

impl Health {
    /// Health by the service's log.
    pub fn new(service: Arc<Service>) -> Self {
        Self { service, stopping: AtomicBool::new(false), log_answered: AtomicBool::new(true) }
    }

    /// From now on this server takes nobody new.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether this server takes nobody new.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Whether this server can serve.
    pub async fn readiness(&self) -> Readiness {
        if self.is_stopping() {
            return Readiness::Stopping;
        }
        let readiness = match tokio::time::timeout(LOG_TIMEOUT, self.service.log().check()).await {
            Ok(Ok(())) => Readiness::Ready,
            Ok(Err(error)) => Readiness::LogUnavailable(error.to_string()),
            Err(_) => Readiness::LogUnavailable("it does not answer".to_owned()),
        };
        self.log_answered.store(readiness == Readiness::Ready, Ordering::Relaxed);
        readiness
    }

    /// Whether the log can be written, as far as is known: by the last write, and the last time that somebody asked.
    pub fn log_is_up(&self) -> bool {
        self.log_answered.load(Ordering::Relaxed) && !self.service.log().counts().is_failing
    }
}

/// Sends whoever wants to connect elsewhere while this server stops: a balancer that has not noticed yet tries the
/// next one at once. Who is connected goes on.
pub(super) async fn send_elsewhere(State(health): State<Arc<Health>>, request: Request, next: Next) -> Response {
    let is_new = !request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("sid=")));
    if is_new && health.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, [(CONNECTION, "close")], "stopping\n").into_response();
    }
    next.run(request).await
}

pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// Says in a word why not; the details are in the server's own log.
pub(super) async fn ready(State(health): State<Arc<Health>>) -> (StatusCode, &'static str) {
    match health.readiness().await {
        Readiness::Ready => (StatusCode::OK, "ready\n"),
        Readiness::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
        Readiness::LogUnavailable(why) => {
            tracing::warn!(%why, "not ready: the log is unavailable");
            (StatusCode::SERVICE_UNAVAILABLE, "the log is unavailable\n")
        }
    }
}
