//! Licence expressions as crates have them: `MIT OR Apache-2.0`, `(A OR B) AND C`, and the old `A/B`.

/// Whether the expression can be satisfied with licences that are allowed. One that cannot be read
/// is not.
pub(super) fn holds(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    reader.either() == Some(true) && reader.words.is_empty()
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    /// The next word, if it is this one.
    fn take(&mut self, word: &str) -> bool {
        let rest = self.words.split_first().filter(|(first, _)| **first == word);
        let found = rest.is_some();
        self.words = rest.map_or(self.words, |(_, rest)| rest);
        found
    }

    fn either(&mut self) -> Option<bool> {
        let mut holds = self.both()?;
        while self.take("OR") {
            holds |= self.both()?;
        }
        Some(holds)
    }

    fn both(&mut self) -> Option<bool> {
        let mut holds = self.one()?;
        while self.take("AND") {
            holds &= self.one()?;
        }
        Some(holds)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let inner = self.either()?;
            return self.take(")").then_some(inner);
        }
        let (name, rest) = self.words.split_first()?;
        self.words = rest;
        if !self.take("WITH") {
            return Some((self.allowed)(name));
        }
        let (exception, rest) = self.words.split_first()?;
        self.words = rest;
        Some((self.allowed)(&format!("{name} WITH {exception}")))
    }
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        let allowed = |one: &str| ["A", "B", "C WITH x"].contains(&one);
        for good in ["A", "G OR A", "A/G", "(G OR A) AND B", "G AND G OR A", "C WITH x", "A AND B"]
        {
            assert!(holds(good, &allowed), "{good}");
        }
        for bad in ["", "G", "A AND G", "(A OR B) AND G", "C", "A OR", "(A", "A B", "C WITH"] {
            assert!(!holds(bad, &allowed), "{bad}");
        }
    }
}
