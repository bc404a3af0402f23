//! The building blocks of ISO media and QuickTime files: boxes of big-endian words.

/// A box: its size, its kind, its parts.
pub(super) fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let size = 8 + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(size);
    // Only the index is built here; it stays far below 4 GiB.
    bytes.extend_from_slice(&(size as u32).to_be_bytes());
    bytes.extend_from_slice(kind);
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

/// Words as bytes.
pub(super) fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

/// A table behind its version, flags and number of rows.
pub(super) fn table(kind: &[u8; 4], rows: u32, values: &[u32]) -> Vec<u8> {
    boxed(kind, &[&words(&[0, rows]), &words(values)])
}
