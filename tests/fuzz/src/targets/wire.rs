//! Messages: what was read is written as the same bytes, and exactly those bodies are refused that
//! do not have their type's shape. The first byte is the version.

use fulgurite_core::gossip::format::{RecordType, Version};
use fulgurite_core::gossip::wire::decode;

pub(crate) fn wire(data: &[u8]) {
    let Some((version, body)) = data.split_first() else { return };
    let record_type = body.first_chunk().map(|bytes| RecordType(u16::from_be_bytes(*bytes)));
    let fits = record_type.is_some_and(|record_type| record_type.fits(body));
    match decode(Version(*version), body) {
        Ok(message) => {
            assert!(fits, "read, though it has not its type's shape: {message:?}");
            assert_eq!(Some(message.record_type()), record_type);
            let mut written = Vec::new();
            message.write(&mut written);
            assert_eq!(written, body, "{message:?}");
            if let Some(Ok(inner)) = message.inner() {
                assert!(inner.inner().is_none(), "a wrapped message wraps another: {inner:?}");
                let mut written = Vec::new();
                inner.write(&mut written);
                assert!(body.windows(written.len()).any(|window| window == written), "{inner:?}");
            }
        }
        Err(error) => assert!(!fits, "refused, though it has its type's shape: {error}"),
    }
}
