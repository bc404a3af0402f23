//! Values that are sent and never shown.

use std::fmt;

use serde_json::Value as Json;

use super::Config;

/// A value that no `Debug`, message or log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub(super) fn new(value: String) -> Self {
        Self(value)
    }

    /// The value itself; only for the request that carries it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What of it a service may repeat: all, or what follows a scheme as in `Bearer …`.
    fn parts(&self) -> impl Iterator<Item = &str> {
        let credentials = self.0.split_once(' ').map(|(_, credentials)| credentials);
        [Some(self.0.as_str()), credentials].into_iter().flatten()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

impl Config {
    /// The words of a service without the key and the headers, which some services repeat in what
    /// they say about them.
    pub fn conceal(&self, text: &str) -> String {
        // Shorter values, such as a header `x-trace: 1`, are in any text and no secret.
        const SHORTEST: usize = 6;
        let headers = self.headers.iter().map(|(_, value)| value);
        let secrets = longest_first(self.api_key.iter().chain(headers), SHORTEST);
        without(text, &secrets)
    }

    /// Takes the credentials out of a service's results, which are stored and shown. Results are
    /// the user's data: nothing else is taken out, and no key that is as short as a word.
    pub(crate) fn conceal_in<'a>(&self, results: impl IntoIterator<Item = &'a mut Json>) {
        const SHORTEST: usize = 8;
        let (authorization, _) = self.protocol.authorization("");
        let headers = self.headers.iter().filter(|(name, _)| name == authorization);
        let headers = headers.map(|(_, value)| value);
        let secrets = longest_first(self.api_key.iter().chain(headers), SHORTEST);
        if !secrets.is_empty() {
            results.into_iter().for_each(|result| clean(result, &secrets));
        }
    }
}

/// One that has another inside goes first, or its rest would stay.
fn longest_first<'a>(secrets: impl Iterator<Item = &'a Secret>, shortest: usize) -> Vec<&'a str> {
    let parts = secrets.flat_map(Secret::parts);
    let mut parts: Vec<&str> = parts.filter(|part| part.len() >= shortest).collect();
    parts.sort_unstable_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

fn without(text: &str, secrets: &[&str]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
}

fn clean(json: &mut Json, secrets: &[&str]) {
    match json {
        Json::String(text) if secrets.iter().any(|secret| text.contains(secret)) => {
            *text = without(text, secrets);
        }
        Json::Array(items) => items.iter_mut().for_each(|item| clean(item, secrets)),
        Json::Object(members) => members.values_mut().for_each(|value| clean(value, secrets)),
        _ => {}
    }
}
