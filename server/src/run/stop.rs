//! From the signal to the end, so that nobody is left behind.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use socketioxide::SocketIo;
use tokio::signal::unix::{SignalKind, signal};

use crate::http::Health;
use crate::live::Delivery;

/// How long a balancer may take to notice that this server is not ready any more: two of its questions, a second
/// apart, and one that was just under way.
const NOTICED_WITHIN: Duration = Duration::from_secs(3);

/// What a stop is about.
pub(super) struct Stop {
    /// Says that this server takes nobody new.
    pub(super) health: Arc<Health>,
    /// Knows who is connected.
    pub(super) delivery: Arc<Delivery>,
    /// The live channel.
    pub(super) io: SocketIo,
    /// How long it may take.
    pub(super) patience: Duration,
    /// Whether there is another server to move to.
    pub(super) is_alone: bool,
}

impl Stop {
    /// Waits for the signal, then until everybody has moved, or patience is half over.
    pub(super) async fn when_signalled(self) {
        signalled().await;
        tracing::info!("stopping: screens are told to move");
        self.health.stop();
        self.delivery.tell_to_move();
        // A balancer sends people here until it has noticed; nobody else does.
        let noticed = if self.is_alone { Duration::ZERO } else { NOTICED_WITHIN.min(self.patience / 2) };
        // Most screens move within a second; who has not by then is let go.
        let moved = wait_until(self.patience / 2, || self.delivery.connected() == 0);
        tokio::join!(tokio::time::sleep(noticed), moved);
        self.io.close().await;
    }
}

async fn signalled() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// After the stop has begun in earnest, what is still open has this long.
pub(super) async fn give_up(stop: impl Future, patience: Duration) {
    stop.await;
    tokio::time::sleep(patience).await;
}

async fn wait_until(patience: Duration, done: impl Fn() -> bool) {
    let look_every = Duration::from_millis(50);
    let _ = tokio::time::timeout(patience, async {
        while !done() {
            tokio::time::sleep(look_every).await;
        }
    })
    .await;
}
