use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    thread::{self, JoinHandle},
};

use domain::{FixedClock, Timestamp};
use seal::SystemEntropy;

use super::*;

/// A server that gives one written-down answer and tells what it was asked.
fn answering(answer: &'static str) -> (Transit, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let running = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut piece = [0; 4096];
        loop {
            let length = socket.read(&mut piece).unwrap();
            asked.extend_from_slice(&piece[..length]);
            let text = String::from_utf8_lossy(&asked);
            let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
            let announced = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .and_then(|length| length.parse().ok());
            if length == 0 || (body.is_some() && body >= announced) {
                break;
            }
        }
        socket.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(asked).unwrap()
    });
    let clock = Arc::new(FixedClock(Timestamp::from_millis(0)));
    let web = Web::new(KIND, &address, b"", clock).unwrap();
    (Transit::new("cloister", web, "s.token").unwrap(), running)
}

/// `POST /transit/encrypt/:name` and its answer, from the API documentation of the engine.
#[test]
fn a_secret_is_wrapped_with_its_context_as_associated_data() {
    let (transit, running) = answering(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 61\r\n\r\n\
         {\"request_id\":\"1\",\"data\":{\"ciphertext\":\"vault:v1:abcdefgh\"}}\n",
    );
    let wrapped = transit
        .wrap(b"secret", "root|1", &mut SystemEntropy::new())
        .unwrap();
    assert_eq!(wrapped, b"vault:v1:abcdefgh");
    let asked = running.join().unwrap();
    assert!(
        asked.starts_with("POST /v1/transit/encrypt/cloister HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(asked.contains("\r\nx-vault-token: s.token\r\n"));
    assert!(asked.ends_with("{\"plaintext\":\"c2VjcmV0\",\"associated_data\":\"cm9vdHwx\"}"));
}

#[test]
fn a_wrapped_secret_comes_back() {
    let (transit, running) = answering(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
         25\r\n{\"data\":{\"plaintext\":\"c2VjcmV0\"}}    \r\n0\r\n\r\n",
    );
    let plain = transit.unwrap(b"vault:v1:abcdefgh", "root|1").unwrap();
    assert_eq!(plain.as_slice(), b"secret");
    let asked = running.join().unwrap();
    assert!(asked.starts_with("POST /v1/transit/decrypt/cloister "));
    assert!(asked.contains("{\"ciphertext\":\"vault:v1:abcdefgh\","));
}

#[test]
fn what_the_engine_refuses_is_told_apart() {
    let unwrap = |answer| {
        let (transit, running) = answering(answer);
        let error = transit.unwrap(b"vault:v1:abcdefgh", "root|1").unwrap_err();
        running.join().unwrap();
        error
    };
    assert!(matches!(
        unwrap(
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 57\r\n\r\n{\"errors\":[\"cipher: message authentication failed\"]}     "
        ),
        ServiceError::Damaged { .. }
    ));
    assert!(matches!(
        unwrap(
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 33\r\n\r\n{\"errors\":[\"permission denied\"]}  "
        ),
        ServiceError::Refused { .. }
    ));
    assert!(matches!(
        unwrap(
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 31\r\n\r\n{\"errors\":[\"Vault is sealed\"]}  "
        ),
        ServiceError::Unreachable { .. }
    ));
    assert!(matches!(
        unwrap("nonsense\r\n\r\n"),
        ServiceError::Unreachable { .. }
    ));
}

#[test]
fn a_key_outside_the_path_is_refused() {
    let clock = Arc::new(FixedClock(Timestamp::from_millis(0)));
    let web = Web::new(KIND, "http://localhost:1", b"", clock).unwrap();
    for refused in ["", "transit/", "a?b", "a b", "/x"] {
        assert!(
            Transit::new(refused, web.clone(), "t").is_err(),
            "{refused}"
        );
    }
}
