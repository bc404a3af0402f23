//! Values that are sent and never shown.

use std::fmt;

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
        let secrets = self.api_key.iter().chain(headers).flat_map(Secret::parts);
        let mut secrets: Vec<&str> = secrets.filter(|secret| secret.len() >= SHORTEST).collect();
        // One that has another inside goes first, or its rest would stay.
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }
}
