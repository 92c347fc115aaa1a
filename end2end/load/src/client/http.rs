//! As much HTTP/1.1 as it takes to join a table, to sign in and to look at a page: one request on a
//! connection, which the server closes after its answer (RFC 9112).

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::Route;

/// How long an answer may take. Checking a password is slow by design.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// The longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: u64 = 8 * 1024 * 1024;

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status code.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body as it came, whatever the transfer coding.
    pub body: String,
}

impl Answer {
    /// The cookie of that name that it sets, as a `Cookie` header takes it.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.iter().filter(|(header, _)| header == "set-cookie");
        let mut pairs = set.filter_map(|(_, value)| value.split(';').next());
        pairs.find(|pair| pair.split('=').next() == Some(name)).map(str::to_owned)
    }
}

/// Asks for a page, with a cookie or none.
pub async fn get(route: &Route, path: &str, cookie: Option<&str>) -> Result<Answer> {
    exchange(route, "GET", path, cookie, "").await
}

/// Sends a form.
pub async fn post(route: &Route, path: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Result<Answer> {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    exchange(route, "POST", path, cookie, &body.join("&")).await
}

async fn exchange(route: &Route, method: &str, path: &str, cookie: Option<&str>, body: &str) -> Result<Answer> {
    let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    let form = if body.is_empty() { "" } else { "Content-Type: application/x-www-form-urlencoded\r\n" };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\n{cookie}{form}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        route.server(),
        body.len()
    );
    let answered = async {
        let mut stream = route.open().await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let bytes = timeout(ANSWER_WITHIN, answered).await.with_context(|| format!("{method} {path}: no answer in time"))?;
    let bytes = bytes.with_context(|| format!("{method} {path}"))?;
    parse(&String::from_utf8_lossy(&bytes)).with_context(|| format!("{method} {path}"))
}

fn parse(text: &str) -> Result<Answer> {
    let (head, body) = text.split_once("\r\n\r\n").context("the answer ends before its body")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default();
    ensure!(status.starts_with("HTTP/1.1 "), "not an answer: {status}");
    let status = status.split(' ').nth(1).unwrap_or_default().parse().context("an answer without a status")?;
    let headers = lines
        .map(|line| match line.split_once(':') {
            Some((name, value)) => Ok((name.to_ascii_lowercase(), value.trim().to_owned())),
            None => bail!("not a header: {line}"),
        })
        .collect::<Result<_>>()?;
    Ok(Answer { status, headers, body: body.to_owned() })
}

/// A value as a form carries it: everything but letters and digits by its bytes.
fn encoded(value: &str) -> String {
    let byte = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    value.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_an_answer_s_headers() {
        let answer = "HTTP/1.1 302 Found\r\nLocation: /t\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2=3; HttpOnly\r\n\r\nbody";
        let answer = parse(answer).expect("it is an answer");
        assert_eq!((answer.status, answer.body.as_str()), (302, "body"));
        assert_eq!(answer.cookie("b"), Some("b=2=3".to_owned()));
        assert_eq!(answer.cookie("c"), None);
    }

    #[test]
    fn a_form_carries_whatever_was_typed() {
        assert_eq!(encoded("Zé &=+%"), "Z%C3%A9%20%26%3D%2B%25");
    }
}
