//! One request of a key service: HTTP/1.1 (RFC 9112), one connection each, answers of at most a
//! megabyte, TLS 1.3 only. Plain HTTP goes to this machine alone.
//!
//! A client library would bring an async runtime and a second way to speak TLS for two calls in the
//! life of a process.

use std::{
    fmt::{self, Write as _},
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs as _},
    sync::Arc,
    time::Duration,
};

use seal::{ServiceError, ServiceKind, tls};
use zeroize::Zeroizing;

/// Where a service listens, and whom to trust there.
#[derive(Clone)]
pub struct Web {
    scheme: Scheme,
    host: String,
    port: u16,
    /// What stands before every path; without a slash at its end.
    prefix: String,
}

#[derive(Clone)]
enum Scheme {
    /// To this machine only.
    Plain,
    Secure(Arc<tls::ClientConfig>),
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Zeroizing<Vec<u8>>,
}

impl Web {
    /// Reads `https://host[:port][/prefix]`; `http://` is taken for this machine alone. `trusted`
    /// are the certificates, in PEM, that the server's must come from; `clock` judges their dates.
    pub fn new(
        kind: ServiceKind,
        address: &str,
        trusted: &[u8],
        clock: tls::SharedClock,
    ) -> Result<Self, ServiceError> {
        let setup = |reason: &str| ServiceError::Setup {
            kind,
            reason: reason.to_owned(),
        };
        let (scheme, rest) = address
            .split_once("://")
            .ok_or_else(|| setup("its address begins with https://"))?;
        let (authority, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => {
                let port = port
                    .parse()
                    .map_err(|_| setup("its address has no port there"))?;
                (host, Some(port))
            }
            None => (authority, None),
        };
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if host.is_empty() || !host.bytes().all(is_word) || !prefix.bytes().all(is_plain) {
            return Err(setup("its address has no host there"));
        }
        let (scheme, usual) = match scheme {
            "https" => {
                let config =
                    tls::client(trusted, None, clock).map_err(|error| setup(&error.to_string()))?;
                (Scheme::Secure(Arc::new(config)), 443)
            }
            "http" if matches!(host, "localhost" | "127.0.0.1") => (Scheme::Plain, 80),
            _ => {
                return Err(setup(
                    "its address is not https://, and not on this machine",
                ));
            }
        };
        let prefix = prefix.trim_end_matches('/');
        Ok(Self {
            scheme,
            host: host.to_owned(),
            port: port.unwrap_or(usual),
            prefix: if prefix.is_empty() {
                String::new()
            } else {
                format!("/{prefix}")
            },
        })
    }

    /// The host as a request names it.
    pub(super) fn authority(&self) -> String {
        match (&self.scheme, self.port) {
            (Scheme::Plain, 80) | (Scheme::Secure(_), 443) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    /// Sends one POST and reads the answer.
    pub(super) fn post(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut request = Zeroizing::new(String::with_capacity(4096));
        let prefix = &self.prefix;
        let (host, length) = (self.authority(), body.len());
        // Writing into a string does not fail.
        _ = write!(
            request,
            "POST {prefix}{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             content-length: {length}\r\n"
        );
        for (name, value) in fields {
            if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                return Err(io::Error::other(
                    "a credential holds a character that none has",
                ));
            }
            _ = write!(request, "{name}: {value}\r\n");
        }
        request.push_str("\r\n");
        let socket = self.connect()?;
        let received = match &self.scheme {
            Scheme::Plain => exchange(socket, request.as_bytes(), body)?,
            Scheme::Secure(config) => {
                let stream = tls::connect(config, &self.host, socket)?;
                exchange(stream, request.as_bytes(), body)?
            }
        };
        read_answer(&received).ok_or_else(|| io::Error::other("the answer is not HTTP"))
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let mut last = io::Error::other("its host has no address");
        for address in (self.host.as_str(), self.port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(socket) => {
                    socket.set_read_timeout(Some(PATIENCE))?;
                    socket.set_write_timeout(Some(PATIENCE))?;
                    return Ok(socket);
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Web({})", self.authority())
    }
}

/// What may stand in a path without being escaped.
pub(super) const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/')
}

fn exchange(
    mut stream: impl Read + Write,
    head: &[u8],
    body: &[u8],
) -> io::Result<Zeroizing<Vec<u8>>> {
    stream.write_all(head)?;
    stream.write_all(body)?;
    stream.flush()?;
    let mut received = Zeroizing::new(Vec::with_capacity(1 << 14));
    let mut piece = Zeroizing::new([0; 4096]);
    while !is_whole(&received) {
        let length = match stream.read(piece.as_mut_slice()) {
            Ok(0) => break,
            Ok(length) => length,
            // Not every server says goodbye; what came is judged by its own length.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        };
        received.extend_from_slice(piece.get(..length).unwrap_or_default());
        if received.len() > ANSWER_MAX {
            return Err(io::Error::other("the answer is longer than a megabyte"));
        }
    }
    Ok(received)
}

/// Whether all that the answer announces has come; without an announcement the end tells.
fn is_whole(received: &[u8]) -> bool {
    match parse(received) {
        Some((_, Length::Bytes(length), body)) => body.len() >= length,
        Some((_, Length::Chunks, body)) => unchunk(body).is_some(),
        Some((_, Length::ToTheEnd, _)) | None => false,
    }
}

enum Length {
    Bytes(usize),
    Chunks,
    ToTheEnd,
}

/// The answer in received bytes; nothing when they are not a whole one.
pub(super) fn read_answer(received: &[u8]) -> Option<Answer> {
    let (status, length, body) = parse(received)?;
    let body = match length {
        Length::Bytes(length) => Zeroizing::new(body.get(..length)?.to_vec()),
        Length::Chunks => unchunk(body)?,
        Length::ToTheEnd => Zeroizing::new(body.to_vec()),
    };
    Some(Answer { status, body })
}

fn parse(received: &[u8]) -> Option<(u16, Length, &[u8])> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, rest) = received.split_at_checked(end)?;
    let mut lines = str::from_utf8(head).ok()?.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
    let mut length = Length::ToTheEnd;
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let value = value.trim();
        if name.eq_ignore_ascii_case("transfer-encoding") && value.eq_ignore_ascii_case("chunked") {
            length = Length::Chunks;
        } else if name.eq_ignore_ascii_case("content-length") && !matches!(length, Length::Chunks) {
            length = Length::Bytes(value.parse().ok()?);
        }
    }
    Some((status.parse().ok()?, length, rest.get(4..)?))
}

/// The content of a chunked body (RFC 9112, 7.1); nothing until its last chunk is there.
fn unchunk(mut body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut content = Zeroizing::new(Vec::with_capacity(body.len()));
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n")?;
        let line = str::from_utf8(body.get(..end)?).ok()?;
        let size = line.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        let rest = body.get(end.checked_add(2)?..)?;
        if size == 0 {
            return Some(content);
        }
        content.extend_from_slice(rest.get(..size)?);
        body = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

const PATIENCE: Duration = Duration::from_secs(10);
const ANSWER_MAX: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use domain::{FixedClock, Timestamp};
    use proptest::prelude::*;

    use super::*;

    fn web(address: &str) -> Result<Web, ServiceError> {
        let clock = Arc::new(FixedClock(Timestamp::from_millis(0)));
        Web::new(ServiceKind::Transit, address, b"", clock)
    }

    #[test]
    fn plain_http_goes_to_this_machine_alone() {
        assert_eq!(
            web("http://127.0.0.1:8200").unwrap().authority(),
            "127.0.0.1:8200"
        );
        assert_eq!(web("http://localhost/vault/").unwrap().prefix, "/vault");
        for refused in [
            "http://vault.example",
            "http://127.0.0.1.example",
            "vault",
            "http://",
            "http://localhost:port",
            "http://localhost/a b",
            "ftp://localhost",
        ] {
            assert!(web(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn answers_are_read_by_length_by_chunk_and_to_the_end() {
        for received in [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\nhello",
        ] {
            let answer = read_answer(received.as_bytes()).unwrap();
            assert_eq!(
                (answer.status, answer.body.as_slice()),
                (200, b"hello".as_slice())
            );
        }
        for cut in [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nl",
            "HTTP/1.1 200 OK\r\n",
            "hello",
        ] {
            assert!(read_answer(cut.as_bytes()).is_none(), "{cut}");
        }
    }

    proptest! {
        #[test]
        fn no_answer_makes_the_reader_panic(bytes: Vec<u8>, body: String) {
            drop(read_answer(&bytes));
            let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{body}");
            drop(read_answer(chunked.as_bytes()));
        }
    }
}
