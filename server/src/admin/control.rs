//! How a running server is asked: by a socket in its data directory, which its owner alone can open.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Admin, Request};

/// The socket, within the data directory.
#[cfg(unix)]
const SOCKET: &str = "comanda.sock";
/// The longest request and answer, in bytes.
#[cfg(unix)]
const MAX_BYTES: u64 = 1024 * 1024;
/// How long a request may take to come.
#[cfg(unix)]
const ASKED_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);
/// How long an answer may take: passwords are hashed slowly, and others may wait before.
#[cfg(unix)]
const ANSWERED_WITHIN: std::time::Duration = std::time::Duration::from_secs(60);

/// What came of a request.
#[derive(Serialize, Deserialize)]
enum Answer {
    /// It is done: lines for people.
    Told(String),
    /// It is not, and why.
    Refused(String),
}

/// The socket; dropping it closes and removes it.
#[derive(Debug)]
pub struct Control {
    #[cfg(unix)]
    path: std::path::PathBuf,
    #[cfg(unix)]
    listening: tokio::task::JoinHandle<()>,
}

#[cfg(unix)]
impl Drop for Control {
    fn drop(&mut self) {
        self.listening.abort();
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "the control socket can't be removed");
        }
    }
}

/// Listens in the data directory, which is this process's alone. Where that is not possible, a running server can't be
/// asked, and does everything else all the same.
#[cfg(unix)]
pub fn listen(data: &Path, admin: Admin) -> Option<Control> {
    let path = data.join(SOCKET);
    // One that a server left behind which was killed.
    let _ = std::fs::remove_file(&path);
    match tokio::net::UnixListener::bind(&path) {
        Ok(listener) => {
            let listening = tokio::spawn(async move {
                loop {
                    match listener.accept().await {
                        // One after the other: there is one operator.
                        Ok((stream, _)) => {
                            if let Err(error) = answer(stream, &admin).await {
                                tracing::debug!(%error, "a request on the control socket was not answered");
                            }
                        }
                        Err(error) => {
                            tracing::debug!(%error, "a connection to the control socket was not taken");
                            tokio::time::sleep(ASKED_WITHIN).await;
                        }
                    }
                }
            });
            Some(Control { path, listening })
        }
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "`comanda staff` and `comanda table` can't reach this server");
            None
        }
    }
}

/// Where there are no such sockets.
#[cfg(not(unix))]
pub fn listen(_: &Path, _: Admin) -> Option<Control> {
    None
}

#[cfg(unix)]
async fn answer(stream: tokio::net::UnixStream, admin: &Admin) -> anyhow::Result<()> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let (reader, mut writer) = stream.into_split();
    let mut asked = Vec::new();
    tokio::time::timeout(ASKED_WITHIN, reader.take(MAX_BYTES).read_to_end(&mut asked)).await??;
    let answer = match serde_json::from_slice::<Request>(&asked) {
        Err(_) => Answer::Refused("this server is of another release than this command".to_owned()),
        Ok(request) => match admin.carry_out(request).await {
            Ok(told) => Answer::Told(told),
            Err(error) => Answer::Refused(format!("{error:#}")),
        },
    };
    let written = async {
        writer.write_all(&serde_json::to_vec(&answer)?).await?;
        writer.shutdown().await
    };
    Ok(tokio::time::timeout(ASKED_WITHIN, written).await??)
}

/// Asks the server that has a data directory open; none: no server has.
#[cfg(unix)]
pub async fn ask(data: &Path, request: &Request) -> anyhow::Result<Option<String>> {
    use anyhow::{Context as _, bail};
    use std::io::ErrorKind;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let path = data.join(SOCKET);
    let mut stream = match tokio::net::UnixStream::connect(&path).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("can't reach the server by {}", path.display())),
    };
    let asked = async {
        stream.write_all(&serde_json::to_vec(request)?).await?;
        stream.shutdown().await?;
        let mut answer = Vec::new();
        stream.take(MAX_BYTES).read_to_end(&mut answer).await?;
        anyhow::Ok(answer)
    };
    let answer = tokio::time::timeout(ANSWERED_WITHIN, asked).await.context("the server does not answer")??;
    match serde_json::from_slice(&answer).context("the server's answer can't be read")? {
        Answer::Told(told) => Ok(Some(told)),
        Answer::Refused(why) => bail!("{why}"),
    }
}

/// Where there are no such sockets.
#[cfg(not(unix))]
pub async fn ask(_: &Path, _: &Request) -> anyhow::Result<Option<String>> {
    Ok(None)
}
