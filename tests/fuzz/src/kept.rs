//! Inputs by which a fuzzer once came upon new edges of the code.

use std::path::Path;

/// Those of the target of that name; none where there is no such file.
pub fn kept(name: &str) -> Vec<Vec<u8>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept").join(name);
    let Ok(packed) = std::fs::read(file.with_extension("lzma")) else { return Vec::new() };
    let mut bytes = Vec::new();
    lzma_rs::lzma_decompress(&mut packed.as_slice(), &mut bytes).expect("what is kept is whole");
    inputs(&bytes)
}

/// Each with its length before it, four bytes little-endian.
fn inputs(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    while let Some((len, rest)) = bytes.split_first_chunk() {
        let (input, rest) = rest.split_at(u32::from_le_bytes(*len) as usize);
        inputs.push(input.to_vec());
        bytes = rest;
    }
    assert!(bytes.is_empty(), "the last length is cut off");
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TARGETS;

    #[test]
    fn inputs_stand_behind_their_lengths() {
        assert_eq!(inputs(b"\x02\0\0\0ab\0\0\0\0"), [b"ab".to_vec(), Vec::new()]);
    }

    #[test]
    fn what_is_kept_belongs_to_a_target() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept");
        for file in std::fs::read_dir(folder).expect("a folder") {
            let path = file.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
            assert!(kept(&name).iter().all(|input| input.len() <= target.longest), "{name}");
        }
    }
}
