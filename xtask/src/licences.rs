//! Licence expressions, judged by the list that `deny.toml` allows.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::workspace::Workspace;

const LIST: &str = "deny.toml";

/// Its text travels with the packages anyhow, so that it is the first choice where there is one.
pub(crate) const APACHE: &str = "Apache-2.0";

/// The licences that the project accepts.
pub(crate) struct Allowed(Vec<String>);

impl Allowed {
    /// Reads the list that cargo-deny reads, so that there is one list only.
    pub(crate) fn read(ws: &Workspace) -> Result<Self> {
        let text = fs::read_to_string(ws.path(LIST)).context("deny.toml cannot be read")?;
        let list = text
            .split_once("\nallow = [")
            .and_then(|(_, rest)| rest.split_once(']'))
            .map(|(list, _)| list)
            .context("deny.toml has no list of allowed licences")?;
        // What quotes enclose is every second part.
        Ok(Self(list.split('"').skip(1).step_by(2).map(str::to_owned).collect()))
    }

    /// The licences to comply with, as few texts as possible; none if the expression cannot be
    /// satisfied or is no expression.
    pub(crate) fn choose(&self, expression: &str) -> Option<BTreeSet<String>> {
        let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let mut words = Words { allowed: self, words: spaced.split_whitespace().collect() };
        words.words.reverse();
        let chosen = words.either()?;
        words.words.is_empty().then_some(chosen?)
    }

    /// Says which packages come under terms that the list does not have.
    pub(crate) fn check(&self, packages: &[Value]) -> Result<()> {
        let refused: Vec<String> = packages
            .iter()
            .filter_map(|package| {
                let word = |key| package.get(key).and_then(Value::as_str).unwrap_or_default();
                let expression = word("license");
                let is_allowed = self.choose(expression).is_some();
                (!is_allowed).then(|| format!("{} ({expression})", word("name")))
            })
            .collect();
        ensure!(refused.is_empty(), "{LIST} does not allow: {}", refused.join(", "));
        Ok(())
    }
}

/// What an expression asks for, if the list has it.
type Choice = Option<BTreeSet<String>>;

/// The words of an expression, the next one last. Each method reads one rule of the grammar and
/// gives nothing where the words do not follow it.
struct Words<'a> {
    allowed: &'a Allowed,
    words: Vec<&'a str>,
}

impl Words<'_> {
    fn either(&mut self) -> Option<Choice> {
        let mut choice = self.both()?;
        while self.takes("OR") {
            let other = self.both()?;
            choice = [choice, other].into_iter().flatten().min_by_key(texts);
        }
        Some(choice)
    }

    fn both(&mut self) -> Option<Choice> {
        let mut choice = self.one()?;
        while self.takes("AND") {
            let other = self.one()?;
            choice = choice.zip(other).map(|(one, two)| &one | &two);
        }
        Some(choice)
    }

    fn one(&mut self) -> Option<Choice> {
        if self.takes("(") {
            let choice = self.either()?;
            return self.takes(")").then_some(choice);
        }
        let mut name = self.words.pop()?.to_owned();
        if self.takes("WITH") {
            name = format!("{name} WITH {}", self.words.pop()?);
        }
        Some(self.allowed.0.contains(&name).then(|| BTreeSet::from([name])))
    }

    fn takes(&mut self, word: &str) -> bool {
        self.words.pop_if(|next| *next == word).is_some()
    }
}

/// How many texts a choice adds to the notices.
fn texts(choice: &BTreeSet<String>) -> usize {
    choice.iter().filter(|name| *name != APACHE).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chosen(expression: &str) -> Option<String> {
        let names = ["Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC", "MIT"];
        let allowed = Allowed(names.map(str::to_owned).into());
        let chosen = allowed.choose(expression)?;
        Some(chosen.into_iter().collect::<Vec<_>>().join(" + "))
    }

    #[test]
    fn the_choice_with_the_fewest_texts_is_taken() {
        assert_eq!(chosen("MIT OR Apache-2.0").as_deref(), Some("Apache-2.0"));
        assert_eq!(chosen("MIT/Apache-2.0").as_deref(), Some("Apache-2.0"));
        assert_eq!(chosen("GPL-3.0-only OR MIT").as_deref(), Some("MIT"));
        assert_eq!(chosen("Apache-2.0 AND ISC").as_deref(), Some("Apache-2.0 + ISC"));
        assert_eq!(chosen("(MIT OR Apache-2.0) AND ISC").as_deref(), Some("Apache-2.0 + ISC"));
        let exception = "Apache-2.0 WITH LLVM-exception";
        assert_eq!(chosen(exception).as_deref(), Some(exception));
    }

    #[test]
    fn what_the_list_lacks_and_what_is_no_expression_is_refused() {
        for expression in
            ["GPL-3.0-only", "MIT AND GPL-3.0-only", "Apache-2.0 WITH Other-exception", "", "(MIT"]
        {
            assert_eq!(chosen(expression), None, "{expression}");
        }
        for expression in ["MIT OR", "MIT ISC", "MIT)", "WITH"] {
            assert_eq!(chosen(expression), None, "{expression}");
        }
    }

    #[test]
    fn refused_packages_are_named_with_their_terms() {
        let allowed = Allowed(vec!["MIT".to_owned()]);
        let package = |name, license| json!({ "name": name, "license": license });
        allowed.check(&[package("good", Some("MIT"))]).unwrap();
        let error = allowed
            .check(&[package("bad", Some("GPL-3.0-only")), package("mute", None)])
            .unwrap_err();
        assert_eq!(error.to_string(), "deny.toml does not allow: bad (GPL-3.0-only), mute ()");
    }
}
