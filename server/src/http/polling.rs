//! Sessions of long-polling: how many may begin from one address. Unlike a WebSocket, a session holds no connection that
//! would be counted, and whoever begins one has not said who they are yet.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::guard::{Client, Persons};

pub(super) async fn bound(State(persons): State<Arc<Persons>>, request: Request, next: Next) -> Response {
    let may_begin = match request.extensions().get::<Client>() {
        Some(client) if begins_session(request.uri()) => persons.may_begin_polling(client.network),
        _ => true,
    };
    if !may_begin {
        return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "5")], "too many at once\n").into_response();
    }
    next.run(request).await
}

/// Whether a request begins a session of long-polling: later ones name it.
fn begins_session(address: &Uri) -> bool {
    let asks = |what: &str| address.query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with(what)));
    asks("transport=polling") && !asks("sid=")
}
