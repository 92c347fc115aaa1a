//! How a screen reaches a server: TCP.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// How long a connection may take to be made.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// How a screen reaches a server.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The server.
    pub to: SocketAddr,
    /// The address to come from, for more screens than one address has ports: 127.0.0.0/8 is all ours.
    pub from: Option<IpAddr>,
    /// How many bytes the system keeps for a reader that does not read; its own choice if none.
    pub receive_buffer_bytes: Option<u32>,
}

impl Route {
    /// To a server, from wherever the system likes.
    pub const fn to(to: SocketAddr) -> Self {
        Self { to, from: None, receive_buffer_bytes: None }
    }

    /// Makes a connection. Small messages go out at once (TCP_NODELAY), as from a browser.
    pub async fn open(&self) -> io::Result<TcpStream> {
        let socket = if self.to.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        if let Some(bytes) = self.receive_buffer_bytes {
            socket.set_recv_buffer_size(bytes)?;
        }
        if let Some(from) = self.from {
            socket.bind(SocketAddr::new(from, 0))?;
        }
        let connected = timeout(CONNECT_WITHIN, socket.connect(self.to)).await;
        let stream = connected.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}
