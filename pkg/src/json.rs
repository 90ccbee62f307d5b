//! Rows as one JSON text.

use serde::Serialize;

/// An array of rows, written row by row.
#[derive(Debug)]
pub(crate) struct Rows {
    json: Vec<u8>,
}

impl Rows {
    /// None yet.
    pub(crate) fn new() -> Rows {
        Rows { json: b"[".to_vec() }
    }

    /// Adds a row, which must be an object.
    pub(crate) fn push(&mut self, row: &impl Serialize) {
        self.separate();
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(&mut self.json, row);
    }

    /// Adds a row with its number as its first field, `row`.
    pub(crate) fn push_numbered(&mut self, number: u64, row: &impl Serialize) {
        self.separate();
        self.json.extend_from_slice(format!("{{\"row\":{number},").as_bytes());
        let brace = self.json.len();
        let _ = serde_json::to_writer(&mut self.json, row);
        if brace < self.json.len() {
            self.json.remove(brace);
        }
    }

    /// The text.
    pub(crate) fn done(mut self) -> String {
        self.json.push(b']');
        String::from_utf8(self.json).unwrap_or_default()
    }

    fn separate(&mut self) {
        if self.json.len() > 1 {
            self.json.push(b',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_one_text() {
        #[derive(Serialize)]
        struct Row {
            kind: &'static str,
        }
        assert_eq!(Rows::new().done(), "[]");
        let mut rows = Rows::new();
        rows.push(&Row { kind: "record" });
        rows.push_numbered(7, &Row { kind: "wound" });
        assert_eq!(rows.done(), r#"[{"kind":"record"},{"row":7,"kind":"wound"}]"#);
    }
}
