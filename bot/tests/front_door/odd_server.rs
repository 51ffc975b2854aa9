//! A server that says one thing, byte for byte.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use bot::telegram::Endpoint;

use crate::stage::token;

/// Answers the first request with these bytes and hangs up. Returns the endpoint.
pub fn answering(bytes: String) -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    tokio::task::spawn_blocking(move || {
        let (mut stream, _) = listener.accept().expect("a caller");
        let mut request = [0; 4096];
        let read = stream.read(&mut request).expect("a request");
        assert!(read > 0, "the caller said nothing");
        stream.write_all(bytes.as_bytes()).expect("a listening caller");
    });
    Endpoint::new(&format!("http://{address}"), token(1001)).expect("an address")
}

/// An endpoint where nothing listens.
pub fn absent() -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    Endpoint::new(&format!("http://{address}"), token(1001)).expect("an address")
}
