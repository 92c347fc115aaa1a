//! A small TCP proxy, to break what lies between a server and what it stands on.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

/// How many bytes are on their way in one direction of a connection.
const BUFFER_BYTES: usize = 16 * 1024;
/// More connections than this are turned away.
const MAX_CONNECTIONS: usize = 512;
/// How long the other side may take to accept a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);

/// How long it waits where the system does not let it accept one.
const TRIES_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// How the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// As it should be.
    Good,
    /// Every connection is broken (RST), and so is every new one at once.
    Cut,
    /// Each piece of at most 16 KiB is under way for so long, and no more than so many bytes a second come
    /// through in each direction.
    Slow {
        /// How long.
        delay: Duration,
        /// How many.
        bytes_per_second: u32,
    },
    /// Everything is accepted, connections and bytes, and nothing arrives; neither side is told. What lost
    /// bytes so is broken when the line is good again, as a peer that has forgotten would break it.
    HalfOpen,
}

/// A proxy. Dropping it breaks every connection through it.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    state: watch::Sender<State>,
    counts: Arc<Counts>,
    listening: JoinHandle<()>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    line: Line,
    /// How often connections were broken: those that are older than the last time can't go on.
    breaks: u64,
}

#[derive(Debug, Default)]
struct Counts {
    open: AtomicUsize,
    broken: AtomicUsize,
}

/// A connection can't go on.
struct Broken;

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl Proxy {
    /// Starts one on a free port of 127.0.0.1.
    pub async fn to(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("a proxy can't listen on loopback")?;
        let port = listener.local_addr()?.port();
        let (state, _) = watch::channel(State { line: Line::Good, breaks: 0 });
        let counts = Arc::new(Counts::default());
        let listening = tokio::spawn(accept(listener, target, state.clone(), Arc::clone(&counts)));
        Ok(Self { port, state, counts, listening })
    }

    /// Its port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Makes the line so.
    pub fn set(&self, line: Line) {
        self.state.send_modify(|state| {
            state.breaks += u64::from(matches!(line, Line::Cut | Line::HalfOpen));
            state.line = line;
        });
    }

    /// How many connections go through it.
    pub fn open(&self) -> usize {
        self.counts.open.load(Ordering::Relaxed)
    }

    /// How many connections it has broken.
    pub fn broken(&self) -> usize {
        self.counts.broken.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Its connections end with it: they are in its set.
async fn accept(listener: TcpListener, target: SocketAddr, state: watch::Sender<State>, counts: Arc<Counts>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((near, _)) if connections.len() < MAX_CONNECTIONS => {
                    let (state, counts) = (state.subscribe(), Arc::clone(&counts));
                    connections.spawn(async move {
                        counts.open.fetch_add(1, Ordering::Relaxed);
                        if carry(near, target, state).await.is_err() {
                            counts.broken.fetch_add(1, Ordering::Relaxed);
                        }
                        counts.open.fetch_sub(1, Ordering::Relaxed);
                    });
                }
                Ok((near, _)) => abort(&near),
                // Too many files, say: a moment later there may be room.
                Err(_) => sleep(TRIES_AGAIN_AFTER).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// One connection, to its end.
async fn carry(mut near: TcpStream, target: SocketAddr, mut state: watch::Receiver<State>) -> Result<(), Broken> {
    let born = *state.borrow_and_update();
    let far = match born.line {
        Line::Cut => None,
        // It is accepted here and never gets there.
        Line::HalfOpen => {
            swallow(&mut near.split().0, &mut state).await;
            None
        }
        Line::Good | Line::Slow { .. } => timeout(CONNECT_WITHIN, TcpStream::connect(target)).await.ok().and_then(Result::ok),
    };
    let Some(mut far) = far else {
        abort(&near);
        return Err(Broken);
    };
    let carried = async {
        near.set_nodelay(true)?;
        far.set_nodelay(true)?;
        let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.split(), far.split());
        let there = pump(&mut near_in, &mut far_out, state.clone(), born.breaks);
        let back = pump(&mut far_in, &mut near_out, state, born.breaks);
        tokio::try_join!(there, back).map(|_| ())
    };
    let carried = carried.await;
    if carried.is_err() {
        abort(&near);
        abort(&far);
    }
    carried
}

/// One direction of a connection, until nothing more comes.
async fn pump(
    from: &mut ReadHalf<'_>,
    to: &mut WriteHalf<'_>,
    mut state: watch::Receiver<State>,
    breaks: u64,
) -> Result<(), Broken> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let now = *state.borrow_and_update();
        match now.line {
            Line::HalfOpen => {
                swallow(from, &mut state).await;
                continue;
            }
            _ if now.breaks != breaks => return Err(Broken),
            _ => {}
        }
        let read = tokio::select! {
            read = from.read(&mut buffer) => read?,
            changed = state.changed() => {
                changed.map_err(|_| Broken)?;
                continue;
            }
        };
        if let Line::Slow { delay, bytes_per_second } = now.line {
            sleep(delay + Duration::from_secs_f64(read as f64 / f64::from(bytes_per_second.max(1)))).await;
        }
        if read == 0 {
            return Ok(to.shutdown().await?);
        }
        let broken = state.wait_for(|state| state.breaks != breaks);
        tokio::select! {
            written = to.write_all(&buffer[..read]) => written?,
            // Nobody took them, and the connection does not go on from here.
            _ = broken => {}
        }
    }
}

/// Reads and forgets until the line changes.
async fn swallow(from: &mut ReadHalf<'_>, state: &mut watch::Receiver<State>) {
    let mut buffer = vec![0; BUFFER_BYTES];
    let forgotten = async { while from.read(&mut buffer).await.is_ok_and(|read| read > 0) {} };
    // An end that nobody hears of is kept as well.
    let forgotten = async {
        forgotten.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = forgotten => {}
        _ = state.wait_for(|state| state.line != Line::HalfOpen) => {}
    }
}

/// Has the connection broken without a word when it is dropped.
fn abort(stream: &TcpStream) {
    // Without it the end is a little more polite.
    let _ = stream.set_zero_linger();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long anything that has to happen may take.
    const WITHIN: Duration = Duration::from_secs(10);

    /// Answers each byte with the same.
    async fn echo() -> Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        Ok(address)
    }

    async fn says(stream: &mut TcpStream, word: &[u8]) -> io::Result<Vec<u8>> {
        stream.write_all(word).await?;
        let mut answer = vec![0; word.len()];
        timeout(WITHIN, stream.read_exact(&mut answer)).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        Ok(answer)
    }

    async fn through(proxy: &Proxy) -> io::Result<TcpStream> {
        TcpStream::connect(("127.0.0.1", proxy.port())).await
    }

    #[tokio::test]
    async fn a_good_line_carries_both_ways_and_hears_of_an_end() -> Result<()> {
        let proxy = Proxy::to(echo().await?).await?;
        let mut stream = through(&proxy).await?;
        let long = vec![7; 5 * BUFFER_BYTES];
        assert_eq!(says(&mut stream, &long).await?, long);
        assert_eq!(proxy.open(), 1);
        stream.shutdown().await?;
        let mut rest = Vec::new();
        timeout(WITHIN, stream.read_to_end(&mut rest)).await??;
        assert_eq!((rest.len(), proxy.broken()), (0, 0));
        Ok(())
    }

    #[tokio::test]
    async fn a_cut_breaks_what_is_connected_and_whoever_comes_however_short_it_is() -> Result<()> {
        let proxy = Proxy::to(echo().await?).await?;
        let mut stream = through(&proxy).await?;
        says(&mut stream, b"here").await?;
        proxy.set(Line::Cut);
        assert!(says(&mut through(&proxy).await?, b"new").await.is_err());
        proxy.set(Line::Good);
        assert!(says(&mut stream, b"old").await.is_err());
        proxy.set(Line::Cut);
        proxy.set(Line::Good);
        assert_eq!(says(&mut through(&proxy).await?, b"new").await?, b"new");
        Ok(())
    }

    #[tokio::test]
    async fn a_half_open_line_swallows_everything_and_breaks_when_it_is_good_again() -> Result<()> {
        let proxy = Proxy::to(echo().await?).await?;
        let mut old = through(&proxy).await?;
        says(&mut old, b"here").await?;
        proxy.set(Line::HalfOpen);
        let mut new = through(&proxy).await?;
        for stream in [&mut old, &mut new] {
            stream.write_all(b"lost").await?;
            let mut buffer = [0; 4];
            assert!(timeout(Duration::from_millis(200), stream.read(&mut buffer)).await.is_err(), "nothing is told");
        }
        proxy.set(Line::Good);
        for stream in [&mut old, &mut new] {
            let mut buffer = [0; 4];
            let ended = timeout(WITHIN, stream.read(&mut buffer)).await?;
            assert!(ended.is_err(), "what lost bytes must not go on: {ended:?}");
        }
        assert_eq!(says(&mut through(&proxy).await?, b"new").await?, b"new");
        Ok(())
    }

    #[tokio::test]
    async fn a_slow_line_is_slow_and_loses_nothing() -> Result<()> {
        let proxy = Proxy::to(echo().await?).await?;
        let mut stream = through(&proxy).await?;
        let delay = Duration::from_millis(100);
        proxy.set(Line::Slow { delay, bytes_per_second: 1_000_000 });
        let began = tokio::time::Instant::now();
        assert_eq!(says(&mut stream, b"there and back").await?, b"there and back");
        assert!(began.elapsed() >= 2 * delay);
        proxy.set(Line::Good);
        assert_eq!(says(&mut stream, b"again").await?, b"again");
        Ok(())
    }
}
