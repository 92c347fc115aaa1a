//! How a screen reaches a server: TCP, to one of several as a load balancer would choose it.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::seq::IndexedRandom;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

/// How long a connection may take to be made.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// For how long nobody is sent to a server that did not answer, where there are others.
const AVOIDED_FOR: Duration = Duration::from_secs(2);

/// The servers among which screens are spread.
#[derive(Debug)]
pub struct Servers {
    addresses: Vec<SocketAddr>,
    /// When each last did not answer.
    silent_at: Mutex<Vec<Option<Instant>>>,
}

impl Servers {
    /// At these addresses, of which there is at least one.
    pub fn new(addresses: Vec<SocketAddr>) -> Arc<Self> {
        assert!(!addresses.is_empty(), "there is a server");
        let silent_at = Mutex::new(vec![None; addresses.len()]);
        Arc::new(Self { addresses, silent_at })
    }

    /// How many there are.
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.addresses.len()
    }

    fn silent(&self, which: usize) {
        self.silent_at()[which] = Some(Instant::now());
    }

    /// Any that answers; where none does, any but that one.
    fn choose(&self, last: usize) -> usize {
        let silent_at = self.silent_at();
        let answers = |which: &usize| silent_at[*which].is_none_or(|at| at.elapsed() > AVOIDED_FOR);
        let mut fitting: Vec<usize> = (0..self.len()).filter(answers).collect();
        if fitting.is_empty() {
            fitting = (0..self.len()).filter(|which| *which != last).collect();
        }
        fitting.choose(&mut rand::rng()).copied().unwrap_or(last)
    }

    fn silent_at(&self) -> MutexGuard<'_, Vec<Option<Instant>>> {
        self.silent_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a screen reaches a server.
#[derive(Debug, Clone)]
pub struct Route {
    /// The servers.
    pub servers: Arc<Servers>,
    /// The one to go to, counted from 0.
    pub at: usize,
    /// The address to come from, for more screens than one address has ports: 127.0.0.0/8 is all ours.
    pub from: Option<IpAddr>,
    /// How many bytes the system keeps for a reader that does not read; its own choice if none.
    pub receive_buffer_bytes: Option<u32>,
}

impl Route {
    /// To one server, from wherever the system likes.
    pub fn to(to: SocketAddr) -> Self {
        Self::among(Servers::new(vec![to]))
    }

    /// To the first of several servers.
    pub fn among(servers: Arc<Servers>) -> Self {
        Self { servers, at: 0, from: None, receive_buffer_bytes: None }
    }

    /// The same to another server, counted from 0 and around.
    #[must_use]
    pub fn beginning_at(&self, server: usize) -> Self {
        Self { at: server % self.servers.len(), ..self.clone() }
    }

    /// The server to go to.
    pub fn server(&self) -> SocketAddr {
        self.servers.addresses[self.at]
    }

    /// The server there did not answer: whoever connects goes to others for a while.
    pub fn does_not_answer(&self) {
        self.servers.silent(self.at);
    }

    /// Leads to any server from now on.
    pub fn choose_again(&mut self) {
        self.at = self.servers.choose(self.at);
    }

    /// Makes a connection. Small messages go out at once (TCP_NODELAY), as from a browser.
    pub async fn open(&self) -> io::Result<TcpStream> {
        let to = self.server();
        let socket = if to.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        if let Some(bytes) = self.receive_buffer_bytes {
            socket.set_recv_buffer_size(bytes)?;
        }
        if let Some(from) = self.from {
            socket.bind(SocketAddr::new(from, 0))?;
        }
        let connected = timeout(CONNECT_WITHIN, socket.connect(to)).await;
        let stream = connected.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_is_sent_to_a_server_that_did_not_answer_while_there_are_others() {
        let mut route = Route::among(Servers::new((1..=3).map(|port| SocketAddr::from(([127, 0, 0, 1], port))).collect()));
        route.beginning_at(1).does_not_answer();
        for _ in 0..50 {
            route.choose_again();
            assert_ne!(route.at, 1);
        }
        (0..3).for_each(|server| route.beginning_at(server).does_not_answer());
        let before = route.at;
        route.choose_again();
        assert_ne!(route.at, before, "where none answers, another is tried");
    }
}
