//! What is typed into a search.

/// The offset that a text names: decimal, with or without separators, or hexadecimal after `0x`.
pub fn offset(text: &str, size: u64) -> Option<u64> {
    let text = text.trim().trim_start_matches('@');
    let at = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok()?,
        None => text.replace([',', ' ', '_'], "").parse().ok()?,
    };
    (at < size).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::offset;

    #[test]
    fn an_offset_is_told_from_other_numbers() {
        assert_eq!(offset("130731", 264_399), Some(130_731));
        assert_eq!(offset(" 130,731 ", 264_399), Some(130_731));
        assert_eq!(offset("0x1feab", 264_399), Some(0x1_feab));
        assert_eq!(offset("899494x897x1", 264_399), None);
        // A raw short channel id lies far beyond the end of any file.
        assert_eq!(offset("989004461850001409", 264_399), None);
        assert_eq!(offset("02eeb3", 264_399), None);
    }
}
