//! Making an answer small, in the best way that its browser takes.

use std::io::Write as _;

use axum::body::{Body, Bytes};
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::assets::takes;

/// Shorter answers stay as they are.
pub(super) const WORTH_BYTES: usize = 1_024;
/// How hard brotli tries, of 11: a page of 90 kB takes some milliseconds.
const BROTLI_QUALITY: u32 = 4;
/// How far brotli looks back: 4 MB, as a power of two.
const BROTLI_WINDOW_BITS: u32 = 22;
const BUFFER_BYTES: usize = 32 * 1024;

/// An answer with that body, made small where it is worth it.
pub(super) fn compressed(mut response: Response, body: Bytes, accepted: Option<&HeaderValue>) -> Response {
    let accepted = accepted.and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    let small = if body.len() <= WORTH_BYTES {
        None
    } else if takes(accepted, "br") {
        brotli(&body).map(|small| ("br", small))
    } else if takes(accepted, "gzip") {
        gzip(&body).map(|small| ("gzip", small))
    } else {
        None
    };
    let headers = response.headers_mut();
    headers.entry(header::VARY).or_insert(HeaderValue::from_static("accept-encoding"));
    let body = match small {
        Some((encoding, small)) => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            small.into()
        }
        None => body,
    };
    headers.insert(header::CONTENT_LENGTH, body.len().into());
    *response.body_mut() = Body::from(body);
    response
}

/// Writing to memory does not fail; if it did, the answer goes out as it is.
fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut small = Vec::with_capacity(bytes.len() / 4);
    let mut writer = brotli::CompressorWriter::new(&mut small, BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW_BITS);
    writer.write_all(bytes).and_then(|()| writer.flush()).ok()?;
    drop(writer);
    Some(small)
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(5));
    writer.write_all(bytes).ok()?;
    writer.finish().ok()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn answer(body: &str, accepted: &'static str) -> (Option<String>, Vec<u8>) {
        let response =
            compressed(Response::new(Body::empty()), body.to_owned().into(), Some(&HeaderValue::from_static(accepted)));
        let encoding =
            response.headers().get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let bytes = futures::executor::block_on(axum::body::to_bytes(response.into_body(), usize::MAX)).expect("it is there");
        (encoding, bytes.to_vec())
    }

    #[test]
    fn what_is_made_small_is_what_it_was() {
        let page = "a menu, and a menu again; ".repeat(1_000);
        let (encoding, bytes) = answer(&page, "gzip, br");
        assert!(encoding.as_deref() == Some("br") && bytes.len() < 1_000);
        let mut read = String::new();
        brotli::Decompressor::new(&bytes[..], 4_096).read_to_string(&mut read).expect("it is brotli");
        assert_eq!(read, page);
        let (encoding, bytes) = answer(&page, "gzip");
        let mut read = String::new();
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut read).expect("it is gzip");
        assert!(encoding.as_deref() == Some("gzip") && read == page);
        assert_eq!(answer(&page, "identity"), (None, page.into_bytes()));
        assert_eq!(answer("short", "br"), (None, b"short".to_vec()));
    }
}
