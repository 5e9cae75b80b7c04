//! Frames on the pipe between gateway and worker: four octets of length, then the octets.

use crate::limits::FRAME_BYTES;
use std::io::{self, Read, Write};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Writes one frame.
///
/// # Errors
/// Above [`FRAME_BYTES`], and what the pipe says.
pub fn write(pipe: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    pipe.write_all(&length(bytes)?.to_be_bytes())?;
    pipe.write_all(bytes)
}

/// Reads one frame; `None` where the input ended before it.
///
/// # Errors
/// Above [`FRAME_BYTES`], or cut off within.
pub fn read(pipe: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut head = [0; 4];
    match pipe.read_exact(&mut head) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = announced(head)?;
    let mut bytes = Vec::new();
    pipe.take(length).read_to_end(&mut bytes)?;
    whole(bytes, length).map(Some)
}

/// [`write`] for the gateway's end.
pub async fn send(pipe: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    pipe.write_all(&length(bytes)?.to_be_bytes()).await?;
    pipe.write_all(bytes).await
}

/// [`read`] for the gateway's end; an end of input is an error there.
pub async fn receive(pipe: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut head = [0; 4];
    pipe.read_exact(&mut head).await?;
    let length = announced(head)?;
    let mut bytes = Vec::new();
    pipe.take(length).read_to_end(&mut bytes).await?;
    whole(bytes, length)
}

fn length(bytes: &[u8]) -> io::Result<u32> {
    let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= FRAME_BYTES);
    length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "frame too long"))
}

/// The length is the other end's word: nothing is allocated for it in advance.
fn announced(head: [u8; 4]) -> io::Result<u64> {
    let length = u32::from_be_bytes(head);
    match usize::try_from(length) {
        Ok(octets) if octets <= FRAME_BYTES => Ok(u64::from(length)),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "frame too long")),
    }
}

fn whole(bytes: Vec<u8>, length: u64) -> io::Result<Vec<u8>> {
    match u64::try_from(bytes.len()) {
        Ok(read) if read == length => Ok(bytes),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_and_the_end_is_an_end() {
        let mut pipe = Vec::new();
        for words in [&b"report"[..], b""] {
            write(&mut pipe, words).expect("written");
        }
        let mut input = pipe.as_slice();
        assert_eq!(read(&mut input).expect("read"), Some(b"report".to_vec()));
        assert_eq!(read(&mut input).expect("read"), Some(Vec::new()));
        assert_eq!(read(&mut input).expect("end"), None);
    }

    #[test]
    fn a_lying_length_is_an_error() {
        for bytes in [&[0xff, 0xff, 0xff, 0xff, 1][..], &[0, 0, 0, 9, 1, 2]] {
            assert!(read(&mut &bytes[..]).is_err());
        }
        let long = vec![0; FRAME_BYTES + 1];
        assert!(write(&mut Vec::new(), &long).is_err());
    }
}
