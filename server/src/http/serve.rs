//! Taking connections: how many, for how long, and what is known of who sent each request.
//!
//! A connection that sends half a request, or nothing, ends by itself; so does one whose answer nobody reads.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::Sleep;
use tower::ServiceExt as _;

use crate::guard::connections::{Connection, Connections};
use crate::guard::{Network, Proxies};

/// How long a request's head may take to come, from when the connection is made or was last answered.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// The same from a proxy, which has waited for the whole head itself, and keeps connections for whoever comes next.
const HEAD_FROM_PROXY_WITHIN: Duration = Duration::from_secs(120);
/// How long a request's body may take to come.
const BODY_WITHIN: Duration = Duration::from_secs(15);
/// The longest head, in bytes: a phone brings the cookies of other pages along, too.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// How long a phone may leave what it was sent unread before its connection ends.
const UNREAD_TIMEOUT: Duration = Duration::from_secs(20);
/// How long nobody is taken after the system refused to: it has no more files, say.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// Who is let in.
#[derive(Clone)]
pub struct Door {
    /// How many connections there are, and may be.
    pub connections: Arc<Connections>,
    /// Whose word of their clients' addresses counts.
    pub proxies: Arc<Proxies>,
}

/// Serves until `stop` is over, and then until what was asked is answered.
pub async fn serve(listener: TcpListener, router: Router, door: Door, stop: impl Future<Output = ()>) {
    let (stopping, is_stopping) = watch::channel(false);
    // Each connection holds one end: when none is left, all have ended.
    let (all_ended, open) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::debug!(%error, "a connection could not be taken");
                    tokio::time::sleep(PAUSE_AFTER_REFUSAL).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let is_proxy = door.proxies.contains(peer.ip());
        let network = (!is_proxy).then(|| Network::from(peer.ip()));
        let Some(connection) = door.connections.enter(network) else {
            tracing::debug!(?network, "no room for another connection");
            continue;
        };
        if let Err(error) = stream.set_nodelay(true).and_then(|()| end_if_unread(&stream)) {
            tracing::debug!(%error, "can't set a connection's options");
        }
        let (router, proxies) = (router.clone(), Arc::clone(&door.proxies));
        let (is_stopping, open) = (is_stopping.clone(), open.clone());
        let patience = if is_proxy { HEAD_FROM_PROXY_WITHIN } else { HEAD_WITHIN };
        tokio::spawn(async move {
            talk(stream, peer, Arc::new(connection), patience, router, proxies, is_stopping).await;
            drop(open);
        });
    }
    drop((listener, open));
    stopping.send_replace(true);
    all_ended.closed().await;
}

/// One connection, until it ends or becomes a WebSocket.
async fn talk(
    stream: TcpStream,
    peer: SocketAddr,
    connection: Arc<Connection>,
    patience: Duration,
    router: Router,
    proxies: Arc<Proxies>,
    mut is_stopping: watch::Receiver<bool>,
) {
    let asked = {
        let connection = Arc::clone(&connection);
        hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let (router, connection) = (router.clone(), Arc::clone(&connection));
            let client = proxies.client(peer.ip(), request.headers());
            let may_ask = connection.asks();
            async move {
                if !may_ask {
                    // It was told to make room, and ends before this goes on.
                    return std::future::pending().await;
                }
                let mut request: Request = request.map(|body| Body::new(Punctual::new(body)));
                request.extensions_mut().insert(client);
                let response = router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {});
                if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                    connection.is_live();
                    return Ok::<Response, Infallible>(response);
                }
                Ok(response.map(|body| Body::new(Answer { body, connection })))
            }
        })
    };
    let io = TokioIo::new(Counted { stream, _connection: Arc::clone(&connection) });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience).max_buf_size(MAX_HEAD_BYTES);
    let mut talking = pin!(http.serve_connection(io, asked).with_upgrades());
    tokio::select! {
        talked = talking.as_mut() => return told(peer.ip(), talked),
        () = connection.has_to_end() => return,
        _ = is_stopping.wait_for(|is_stopping| *is_stopping) => talking.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        talked = talking => told(peer.ip(), talked),
        () = connection.has_to_end() => {}
    }
}

fn told(peer: IpAddr, talked: Result<(), hyper::Error>) {
    if let Err(error) = talked {
        tracing::trace!(%peer, %error, "a connection ended");
    }
}

/// Ends a connection whose other side reads no more. The heartbeat can't: it would be written behind what
/// is unread, and engineioxide waits for that.
#[cfg(target_os = "linux")]
fn end_if_unread(stream: &TcpStream) -> io::Result<()> {
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNREAD_TIMEOUT))
}

/// Only Linux can be told.
#[cfg(not(target_os = "linux"))]
fn end_if_unread(_: &TcpStream) -> io::Result<()> {
    Ok(())
}

/// A stream that is counted as a connection until it is closed, also as a WebSocket.
struct Counted {
    stream: TcpStream,
    _connection: Arc<Connection>,
}

impl AsyncRead for Counted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A request's body, which has to come in time.
struct Punctual {
    body: Incoming,
    /// Begins when the body is first asked for.
    until: Option<Pin<Box<Sleep>>>,
}

impl Punctual {
    fn new(body: Incoming) -> Self {
        Self { body, until: None }
    }
}

impl HttpBody for Punctual {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let until = self.until.get_or_insert_with(|| Box::pin(tokio::time::sleep(BODY_WITHIN)));
        ready!(until.as_mut().poll(cx));
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::TimedOut, "the body takes too long").into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body. When it has gone out, the connection waits for another request.
struct Answer {
    body: Body,
    connection: Arc<Connection>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.connection.was_answered();
    }
}
