//! Where exactly a letter stops being ours: at the last octet of the end of its data.

use super::*;
use std::io;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream that takes so many octets after DATA and breaks at the next.
#[derive(Debug)]
struct Brittle {
    stream: net::Stream,
    takes: usize,
    counting: bool,
}

impl AsyncRead for Brittle {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Brittle {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let fits = if self.counting { buf.len().min(self.takes) } else { buf.len() };
        if fits == 0 {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let written = std::task::ready!(Pin::new(&mut self.stream).poll_write(cx, &buf[..fits]))?;
        match self.counting {
            true => self.takes -= written,
            false => self.counting = buf == b"DATA\r\n",
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

async fn cut_after(letter: &Sealed, takes: usize) -> (Fate, usize) {
    let (dial, heard) = script::dial(vec![once(At::Dot, Act::Close)]);
    let brittle: Dial = Arc::new(move || {
        let connected = dial();
        Box::pin(async move {
            let net::Connected { stream, greeted } = connected.await?;
            let stream = Box::new(Brittle { stream, takes, counting: false });
            Ok(net::Connected { stream, greeted })
        })
    });
    let relay = Relay::with(settings(Login::Nobody), Times::default(), brittle);
    let fate = relay.deliver(letter).await;
    tokio::task::yield_now().await;
    let whole = heard.lock().expect("heard").mails.len();
    (fate, whole)
}

#[tokio::test]
async fn a_letter_cut_at_any_octet_is_later_until_the_last_and_then_unknown() {
    for body in ["hi\r\n", ".\r\n..\r\n\r\n.a\r\n", ""] {
        let letter = letter(body);
        let dots = body.split("\r\n").filter(|line| line.starts_with('.')).count();
        let all = letter.bytes.len() + dots + ".\r\n".len();
        for takes in 0..all {
            let (fate, whole) = cut_after(&letter, takes).await;
            assert_eq!((kind(&fate), whole), ("later", 0), "{takes} of {all}: {fate:?}");
        }
        let (fate, whole) = cut_after(&letter, all).await;
        assert_eq!((kind(&fate), whole), ("unknown", 1), "{fate:?}");
    }
}
