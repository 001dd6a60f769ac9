use std::{
    net::{TcpListener, TcpStream},
    thread::{self, JoinHandle},
};

use domain::{FixedClock, Timestamp};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{ServerConnection, Stream};

use super::*;

/// 2026-11-22.
const NOW: Timestamp = Timestamp::from_millis(1_795_305_600_000);

fn clock() -> SharedClock {
    Arc::new(FixedClock(NOW))
}

/// An authority and its certificate in PEM.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let pem = issuer.pem();
        Self { issuer, pem }
    }

    /// Certificate and key, valid from the beginning of one year to the beginning of another.
    fn issue(&self, (from, until): (i32, i32)) -> (String, String) {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    fn identity(&self) -> Arc<Identity> {
        let (chain, key) = self.issue((2026, 2027));
        Arc::new(Identity::from_pem(chain.as_bytes(), key.as_bytes(), &FixedClock(NOW)).unwrap())
    }
}

/// A server for `connections` that answers each with one byte; says how each ended.
fn serve(config: ServerConfig, connections: usize) -> (u16, JoinHandle<Vec<Result<(), String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = Arc::new(config);
    let running = thread::spawn(move || {
        let answer = |mut socket: TcpStream| -> Result<(), String> {
            let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = Stream::new(&mut connection, &mut socket);
            let told = stream.write_all(b"x").and_then(|()| stream.flush());
            told.map_err(|error| error.to_string())
        };
        (0..connections)
            .map(|_| answer(listener.accept().unwrap().0))
            .collect()
    });
    (port, running)
}

/// The certificate that the server shows, once the handshake is done and a byte has come.
#[expect(clippy::unwrap_in_result, reason = "only the handshake may fail here")]
fn call(port: u16, config: ClientConfig) -> Result<Vec<u8>, String> {
    let name = ServerName::try_from("localhost").unwrap();
    let mut connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut byte = [0];
    Stream::new(&mut connection, &mut socket)
        .read_exact(&mut byte)
        .map_err(
            |error| match error.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(inner) => explain(inner),
                None => error.to_string(),
            },
        )?;
    assert_eq!(
        connection.protocol_version(),
        Some(rustls::ProtocolVersion::TLSv1_3)
    );
    Ok(connection.peer_certificates().unwrap()[0].to_vec())
}

#[test]
fn a_replaced_certificate_is_shown_without_a_restart() {
    let authority = Authority::new();
    let identity = authority.identity();
    let (port, running) = serve(server(&identity, None, clock()).unwrap(), 2);
    let trusting = || client(authority.pem.as_bytes(), None, clock()).unwrap();

    let first = call(port, trusting()).unwrap();
    let (chain, key) = authority.issue((2026, 2028));
    identity
        .replace(chain.as_bytes(), key.as_bytes(), &FixedClock(NOW))
        .unwrap();
    let second = call(port, trusting()).unwrap();

    assert_ne!(first, second);
    assert!(running.join().unwrap().iter().all(Result::is_ok));
}

#[test]
fn mutual_tls_refuses_a_client_without_a_certificate_or_with_a_strangers() {
    let authority = Authority::new();
    let config = server(
        &authority.identity(),
        Some(authority.pem.as_bytes()),
        clock(),
    )
    .unwrap();
    let (port, running) = serve(config, 3);
    let calling = |identity: Option<Arc<Identity>>| {
        call(
            port,
            client(authority.pem.as_bytes(), identity.as_ref(), clock()).unwrap(),
        )
    };

    assert!(calling(None).is_err());
    assert!(calling(Some(Authority::new().identity())).is_err());
    assert!(calling(Some(authority.identity())).is_ok());

    let ended = running.join().unwrap();
    assert!(
        ended[0].as_ref().unwrap_err().contains("no certificates"),
        "{ended:?}"
    );
    assert!(ended[1].is_err() && ended[2].is_ok());
}

/// A hello as TLS 1.2 had it: without the extension that names TLS 1.3 (RFC 8446, 4.2.1). The
/// answer is the alert `protocol_version` (70).
#[test]
fn a_client_of_tls_1_2_is_refused() {
    let authority = Authority::new();
    let (port, running) = serve(server(&authority.identity(), None, clock()).unwrap(), 1);
    let extensions = [
        // supported_groups: secp256r1; signature_algorithms: ecdsa_secp256r1_sha256
        [0, 10, 0, 4, 0, 2, 0, 23].as_slice(),
        &[0, 13, 0, 4, 0, 2, 4, 3],
        &[0, 11, 0, 2, 1, 0],
    ]
    .concat();
    let mut hello = vec![3, 3];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0xc0, 0x2b, 1, 0]);
    hello.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    hello.extend(extensions);
    let length = u8::try_from(hello.len()).unwrap();
    let mut record = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(hello);

    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.write_all(&record).unwrap();
    let mut answer = [0; 7];
    socket.read_exact(&mut answer).unwrap();

    assert_eq!((answer[0], answer[5], answer[6]), (21, 2, 70), "{answer:?}");
    assert!(running.join().unwrap()[0].is_err());
}

#[test]
fn an_expired_certificate_is_refused_with_its_date() {
    let authority = Authority::new();
    let (chain, key) = authority.issue((2024, 2025));
    let then = FixedClock(Timestamp::from_millis(1_711_929_600_000));
    let shown = |clock: &FixedClock| Identity::from_pem(chain.as_bytes(), key.as_bytes(), clock);
    let error = shown(&FixedClock(NOW)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the certificate is not valid now: it expired at 2025-01-01T00:00:00.000Z"
    );
    assert_eq!(error.code().number(), 3066);

    // A server whose own clock is wrong shows it all the same; the client refuses it.
    let (port, _running) = serve(
        server(&Arc::new(shown(&then).unwrap()), None, clock()).unwrap(),
        1,
    );
    let said = call(
        port,
        client(authority.pem.as_bytes(), None, clock()).unwrap(),
    )
    .unwrap_err();
    assert!(said.contains("it expired at 2025-01-01"), "{said}");
}

#[test]
fn a_key_of_another_certificate_is_refused_and_the_old_one_stays() {
    let authority = Authority::new();
    let identity = authority.identity();
    let (chain, _) = authority.issue((2026, 2027));
    let (_, other_key) = authority.issue((2026, 2027));
    let before = Arc::clone(&identity);
    assert!(
        identity
            .replace(chain.as_bytes(), other_key.as_bytes(), &FixedClock(NOW))
            .is_err()
    );
    assert!(Arc::ptr_eq(&before, &identity));
    assert_eq!(
        client(b"nothing", None, clock()).unwrap_err(),
        TlsError::Pem {
            what: "certificate"
        }
    );
}
