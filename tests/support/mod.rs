//! What several tests need: servers of their own, and the letters they carry.

pub mod letters;
pub mod postfix;
pub mod smtp_sink;
pub mod story;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// A loopback port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}

/// Returns when something listens there. Only for servers that cannot say so themselves.
pub fn until_listening(port: u16) {
    for _ in 0..500 {
        if TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("nothing listens on port {port} after five seconds");
}
