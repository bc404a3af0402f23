//! The little of URLs that protocols need. The platform's own parsers are large in a page, and
//! endpoints are plain: scheme, authority, path.

/// `scheme://authority` of an absolute http(s) URL, in lower case.
pub(crate) fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let scheme = scheme.to_ascii_lowercase();
    let host = host.to_ascii_lowercase();
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    Some(format!("{scheme}://{}", host.strip_suffix(default_port).unwrap_or(&host)))
}

/// Why `url` cannot be an endpoint, or `None` when it can.
pub(crate) fn endpoint_problem(url: &str) -> Option<&'static str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("it is no absolute http or https URL");
    };
    if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        return Some("only http and https are spoken");
    }
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some("it contains white space");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some("credentials belong into api_key or headers, not into the URL");
    }
    let (host, port) = split_port(authority);
    if host.is_empty() || host.contains(['<', '>', '"', '\\', '^', '`', '{', '|', '}']) {
        return Some("it has no valid host");
    }
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Some("its port is not a number up to 65535");
    }
    if rest.contains(['?', '#']) {
        return Some("an endpoint has no query and no fragment");
    }
    None
}

/// Why `path` cannot be a path on an endpoint, or `None` when it can.
pub(crate) fn path_problem(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("it is empty");
    }
    if is_absolute(path) || path.starts_with("//") {
        return Some("it names a host; that belongs into service_endpoint");
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Some("it climbs");
    }
    if path.contains(['?', '#', '\\']) || path.chars().any(|c| c.is_whitespace() || c.is_control())
    {
        return Some("it contains white space, a query, a fragment or a backslash");
    }
    None
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// `base` and `path` with exactly one slash between them; the base's own path is kept.
pub(crate) fn join(base: &str, path: &str) -> String {
    format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/'))
}

/// Resolves an output's relative `reference` against `base`, with each segment percent-encoded,
/// because services write names into paths as they are: a `%`, `?` or `#` stands for itself.
/// `None` for paths that climb and for other hosts.
pub(crate) fn resolve_output(base: &str, reference: &str) -> Option<String> {
    let climbs = reference.split('/').any(|segment| segment == "." || segment == "..");
    if climbs || reference.starts_with("//") {
        return None;
    }
    let encoded: Vec<String> = reference.split('/').map(encode_segment).collect();
    Some(join(base, &encoded.join("/")))
}

/// Resolves a relative `reference` against the URL of a document, as links in it are.
pub(crate) fn resolve_reference(base: &str, reference: &str) -> String {
    let base = base.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = base.split_once("://").unwrap_or(("http", base));
    if let Some(other_host) = reference.strip_prefix("//") {
        return format!("{scheme}://{other_host}");
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut segments: Vec<&str> = match reference.starts_with('/') {
        true => Vec::new(),
        false => {
            path.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect())
        }
    };
    for segment in reference.trim_start_matches('/').split('/') {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    format!("{scheme}://{authority}/{}", segments.join("/"))
}

/// Whether the text starts with a scheme.
pub(crate) fn is_absolute(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// Whether the text is a URL of that scheme, in any case.
pub fn has_scheme(url: &str, scheme: &str) -> bool {
    url.split_once(':').is_some_and(|(start, _)| start.eq_ignore_ascii_case(scheme))
}

/// Whether the text is an `http` or `https` URL.
pub(crate) fn is_network(url: &str) -> bool {
    has_scheme(url, "http") || has_scheme(url, "https")
}

/// The URL up to its query, which may hold a signature that no message should show.
pub(crate) fn without_query(url: &str) -> &str {
    if has_scheme(url, "data") {
        return "data:…";
    }
    url.split(['?', '#']).next().unwrap_or_default()
}

/// Percent-encodes one path segment.
pub(crate) fn encode_segment(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Undoes percent-encoding; a stray `%` stands for itself.
pub fn percent_decode(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escape = (*first == b'%')
            .then(|| tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escape {
            Some(byte) => {
                decoded.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_outputs_resolve_against_a_base() {
        let table = include_str!("../../tests/conformance/common/addresses.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let (base, url) = (case["base"].as_str().unwrap(), case["url"].as_str());
            let resolved = match (case["path"].as_str(), case["asset"].as_str()) {
                (Some(path), _) => Some(join(base, path)),
                (None, Some(asset)) if is_network(asset) => Some(asset.to_owned()),
                (None, Some(asset)) if is_absolute(asset) => None,
                (None, asset) => resolve_output(base, asset.unwrap()),
            };
            assert_eq!(resolved.as_deref(), url, "{case}");
        }
    }

    #[test]
    fn origins_ignore_default_ports_and_case() {
        assert_eq!(origin("HTTP://Host:80/x").as_deref(), Some("http://host"));
        assert_eq!(origin("https://h:8443").as_deref(), Some("https://h:8443"));
    }

    #[test]
    fn paths_stay_on_their_endpoint() {
        for good in ["/g", "g", "/api/v1/generate/image", "/a%20b/", "/a..b"] {
            assert_eq!(path_problem(good), None, "{good}");
        }
        for bad in
            ["", "http://h/g", "//h/g", "/a/../b", "/..", "./g", "/g?x", "/g#x", "/a b", "\\g"]
        {
            assert!(path_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn endpoints_are_plain() {
        for good in ["http://h", "https://h:1/base/", "http://[::1]:5000", "http://[::1]"] {
            assert_eq!(endpoint_problem(good), None, "{good}");
        }
        let bad = [
            "",
            "h:5000",
            "file:///x",
            "javascript://x",
            "http://",
            "http://a b",
            "http://h:99999",
            "http://u:p@h",
            "http://h/?q",
        ];
        for url in bad {
            assert!(endpoint_problem(url).is_some(), "{url}");
        }
    }
}
