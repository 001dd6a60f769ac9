//! As much of HTTP/1.1 as the witness protocol needs (RFC 9112), with strict limits: one request a
//! connection, bodies with a length, no chunks, no TLS. Put a proxy that speaks TLS before it where
//! the network is not trusted; the protocol needs none, because everything in it is signed.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

/// A request that was read.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: String,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: String,
}

/// Reads one request; what is too long, too slow or not HTTP is an error.
pub(super) fn read_request(stream: &TcpStream) -> io::Result<Request> {
    set_limits(stream)?;
    let mut reader = BufReader::new(stream.take(HEAD_MAX + BODY_MAX));
    let first = line(&mut reader)?;
    let mut words = first.split(' ');
    let (Some(method), Some(path), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(not_http());
    };
    let (method, path) = (method.to_owned(), path.to_owned());
    let body = body(&mut reader)?;
    Ok(Request { method, path, body })
}

/// Writes an answer and says that the connection ends.
pub(super) fn write_answer(mut stream: &TcpStream, answer: &Answer) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.status,
        reason(answer.status),
        answer.kind,
        answer.body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(answer.body.as_bytes())?;
    stream.flush()
}

/// Asks a server; returns status and body.
pub(super) fn ask(url: &str, method: &str, path: &str, body: &str) -> io::Result<(u16, String)> {
    let rest = url
        .strip_prefix("http://")
        .ok_or_else(|| io::Error::other("the address must begin with http://"))?;
    let (host, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = prefix.trim_end_matches('/');
    let prefix = if prefix.is_empty() {
        String::new()
    } else {
        format!("/{prefix}")
    };
    let named = if host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let address = named
        .to_socket_addrs()?
        .next()
        .ok_or_else(|| io::Error::other("the host has no address"))?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    set_limits(&stream)?;
    let head = format!(
        "{method} {prefix}{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut reader = BufReader::new(stream.take(HEAD_MAX + BODY_MAX));
    let status = line(&mut reader)?;
    let mut words = status.split(' ');
    let status = match (words.next(), words.next()) {
        (Some("HTTP/1.1" | "HTTP/1.0"), Some(status)) => status.parse().map_err(|_| not_http())?,
        _ => return Err(not_http()),
    };
    Ok((status, self::body(&mut reader)?))
}

fn set_limits(stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))
}

/// Header lines until the empty one, then as many bytes as they say.
fn body(reader: &mut impl BufRead) -> io::Result<String> {
    let mut length = 0_u64;
    for _ in 0..HEADERS_MAX {
        let header = line(reader)?;
        if header.is_empty() {
            let mut bytes = Vec::new();
            reader.take(length).read_to_end(&mut bytes)?;
            if (bytes.len() as u64) < length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            return String::from_utf8(bytes).map_err(|_| not_http());
        }
        let (name, value) = header.split_once(':').ok_or_else(not_http)?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(|_| not_http())?;
            if length > BODY_MAX {
                return Err(not_http());
            }
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(not_http());
        }
    }
    Err(not_http())
}

fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    reader.take(HEAD_MAX).read_until(b'\n', &mut line)?;
    let text = line.strip_suffix(b"\n").ok_or_else(not_http)?;
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    String::from_utf8(text.to_vec()).map_err(|_| not_http())
}

fn not_http() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "this is not a small HTTP message",
    )
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        422 => "Unprocessable Entity",
        _ => "Internal Server Error",
    }
}

const HEAD_MAX: u64 = 8 << 10;
const HEADERS_MAX: usize = 64;
/// 63 hashes, a checkpoint and a hundred signatures are shorter.
const BODY_MAX: u64 = 64 << 10;
const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_without_end_too_long_bodies_and_chunks_are_refused() {
        let read = |text: &str| body(&mut text.as_bytes());
        assert_eq!(read("Content-Length: 2\r\n\r\nhi").unwrap(), "hi");
        assert_eq!(read("\r\n").unwrap(), "");
        for refused in [
            "",
            "a: b\r\n",
            "Content-Length: 3\r\n\r\nhi",
            "Content-Length: 99999999\r\n\r\nhi",
            "Content-Length: x\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n",
            "no colon\r\n\r\n",
            &"a: b\r\n".repeat(100),
            &"a".repeat(10_000),
        ] {
            assert!(read(refused).is_err(), "{refused}");
        }
    }
}
