//! Packed bodies (`Content-Encoding`), unpacked under a cap.
//!
//! The HTTP library could do it, but would hide the headers and the size on the wire. This must never give more bytes
//! than it was allowed, however small a bomb was, and never call broken data readable.

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::io::{ErrorKind, Read};

/// The most codings that are taken off one body; nobody applies more than one in earnest.
const MOST_CODINGS: usize = 4;

/// How every gzip member begins.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What unpacking gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unpacked {
    /// The bytes, or the packed ones as they came if they could not be read.
    pub(super) bytes: Vec<u8>,
    /// Whether there was more than the cap.
    pub(super) cut: bool,
    /// Why the bytes could not be read.
    pub(super) fault: Option<String>,
}

/// The codings of an answer in the order in which they were applied (RFC 9110 §8.4), without `identity`.
pub(super) fn codings(headers: &[(String, String)]) -> Vec<String> {
    let values = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    let names = values.flat_map(|(_, value)| value.split(','));
    let names = names.map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !name.is_empty() && name != "identity").collect()
}

/// Takes `codings` off `bytes`, the last one first, and gives at most `most` bytes.
///
/// With `cut`, the packed bytes are only the beginning of what the server sent, and may end anywhere.
pub(super) fn unpack(codings: &[String], bytes: Vec<u8>, cut: bool, most: usize) -> Unpacked {
    // What has no content, such as an answer to HEAD, carries the name of the coding all the same.
    if bytes.is_empty() {
        return Unpacked { bytes, cut, fault: None };
    }
    let refused = |fault: String| Unpacked { bytes: bytes.clone(), cut, fault: Some(fault) };
    if codings.len() > MOST_CODINGS {
        return refused(format!("packed {} times over", codings.len()));
    }
    let (mut current, mut current_cut) = (bytes.clone(), cut);
    for coding in codings.iter().rev() {
        match one(coding, &current, current_cut, most) {
            Ok((unpacked, more)) => (current, current_cut) = (unpacked, current_cut || more),
            Err(fault) => return refused(fault),
        }
    }
    Unpacked { bytes: current, cut: current_cut, fault: None }
}

fn one(coding: &str, bytes: &[u8], cut: bool, most: usize) -> Result<(Vec<u8>, bool), String> {
    match coding {
        "gzip" | "x-gzip" => members(bytes, cut, most),
        // The name means zlib (RFC 9110 §8.4.1.2); some send what zlib wraps, and every browser takes it.
        "deflate" => match read(ZlibDecoder::new(bytes), "zlib data", cut, most) {
            Ok(all) => Ok(all),
            Err(fault) => read(DeflateDecoder::new(bytes), "deflate data", cut, most).map_err(|_| fault),
        },
        other => Err(format!("content coding `{other}` was not asked for")),
    }
}

/// A gzip file may consist of several members (RFC 1952 §2.2); padding after them is passed over.
fn members(bytes: &[u8], cut: bool, most: usize) -> Result<(Vec<u8>, bool), String> {
    if !bytes.iter().zip(MAGIC).all(|(found, wanted)| *found == wanted) {
        return Err("not gzip data".to_owned());
    }
    let mut all = Vec::new();
    let mut rest = bytes;
    loop {
        let mut decoder = GzDecoder::new(rest);
        let (more, over) = read(&mut decoder, "gzip data", cut, most - all.len())?;
        all.extend(more);
        rest = decoder.into_inner();
        if over || !rest.starts_with(&MAGIC) {
            return Ok((all, over));
        }
    }
}

/// At most `most` bytes, and whether there were more.
fn read(from: impl Read, what: &str, cut: bool, most: usize) -> Result<(Vec<u8>, bool), String> {
    let mut bytes = Vec::new();
    match from.take(most as u64 + 1).read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) if cut && error.kind() == ErrorKind::UnexpectedEof => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            return Err(format!("the {what} ends in the middle"));
        }
        Err(error) => return Err(format!("not {what}: {error}")),
    }
    let over = bytes.len() > most;
    bytes.truncate(most);
    Ok((bytes, over))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[track_caller]
    fn check(coding: &str, packed: Vec<u8>, expected: Result<&[u8], &str>) {
        let codings = codings(&[("Content-Encoding".to_owned(), coding.to_owned())]);
        let found = unpack(&codings, packed.clone(), false, 1_000);
        match expected {
            Ok(bytes) => assert_eq!(found, Unpacked { bytes: bytes.to_vec(), cut: false, fault: None }),
            Err(fault) => {
                assert_eq!(found, Unpacked { bytes: packed, cut: false, fault: Some(fault.to_owned()) });
            }
        }
    }

    #[test]
    fn every_usual_coding_is_read() {
        check("gzip", gzip(b"hello"), Ok(b"hello"));
        check("X-GZip", gzip(b"hello"), Ok(b"hello"));
        check("deflate", zlib(b"hello"), Ok(b"hello"));
        check("deflate", deflate(b"hello"), Ok(b"hello"));
        check("deflate, gzip", gzip(&zlib(b"hello")), Ok(b"hello"));
        check("identity", b"hello".to_vec(), Ok(b"hello"));
        check("gzip", [gzip(b"hel"), gzip(b"lo")].concat(), Ok(b"hello"));
        check("gzip", [gzip(b"hello"), vec![0; 9]].concat(), Ok(b"hello"));
        check("gzip", Vec::new(), Ok(b""));
    }

    #[test]
    fn what_cannot_be_read_stays_as_it_came() {
        let whole = gzip(b"hello");
        check("gzip", whole[..whole.len() - 5].to_vec(), Err("the gzip data ends in the middle"));
        check("gzip", b"{\"a\": 1}".to_vec(), Err("not gzip data"));
        check("deflate", b"{\"a\": 1}".to_vec(), Err("not zlib data: corrupt deflate stream"));
        check("br", b"x".to_vec(), Err("content coding `br` was not asked for"));
        check("gzip,gzip,gzip,gzip,gzip", whole.clone(), Err("packed 5 times over"));
        let mut broken = whole;
        let checksum = broken.len() - 6;
        broken[checksum] ^= 1;
        check("gzip", broken, Err("not gzip data: corrupt gzip stream does not have a matching checksum"));
    }

    #[test]
    fn a_bomb_gives_no_more_than_the_cap() {
        let bomb = gzip(&vec![b'x'; 50_000_000]);
        assert!(bomb.len() < 300_000);
        for codings in [vec!["gzip".to_owned()], vec!["gzip".to_owned(), "gzip".to_owned()]] {
            let packed = if codings.len() == 2 { gzip(&bomb) } else { bomb.clone() };
            let found = unpack(&codings, packed, false, 300_000);
            assert_eq!((found.bytes.len(), found.cut, found.fault), (300_000, true, None));
        }
    }

    proptest! {
        #[test]
        fn a_beginning_gives_a_beginning(bytes in proptest::collection::vec(0_u8..9, 0..3_000), part in 0.0..1.0_f64) {
            for (coding, packed) in [("gzip", gzip(&bytes)), ("deflate", zlib(&bytes))] {
                let cut = packed[..(packed.len() as f64 * part) as usize].to_vec();
                let found = unpack(&[coding.to_owned()], cut, true, 2_000);
                prop_assert_eq!(found.fault, None);
                prop_assert!(bytes.starts_with(&found.bytes) && found.bytes.len() <= 2_000);
            }
        }

        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut: bool) {
            for coding in ["gzip", "deflate", "br"] {
                let found = unpack(&[coding.to_owned()], bytes.clone(), cut, 100);
                prop_assert!(found.fault.is_some() || found.bytes.len() <= 100);
            }
        }
    }
}
