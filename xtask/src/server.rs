//! A small static file server for the page: loopback only, read only.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

/// A request head larger than this is not from a browser that wants this page.
const MAX_HEAD: u64 = 16 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);

/// Where the page asks which services there are; the directory has no such file.
const SERVICES: &str = "/services.json";

/// Serves a directory on `127.0.0.1` until the process is interrupted, and tells the page of
/// `services`, by medium and address.
pub(crate) fn serve(root: &Path, port: u16, services: &[(String, String)]) -> Result<()> {
    let root = root.canonicalize().with_context(|| {
        format!("{} is not there; run `cargo xtask build` first", root.display())
    })?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} cannot be used; choose another: `cargo xtask demo --port N`")
    })?;
    let services = Arc::<str>::from(
        Value::from_iter(services.iter().map(|(medium, url)| (medium.clone(), url.clone())))
            .to_string(),
    );
    println!(
        "The page is served on http://{}, Ctrl-C ends it.",
        listener.local_addr().context("a listener has an address")?
    );
    for connection in listener.incoming().flatten() {
        let (root, services) = (root.clone(), services.clone());
        // A browser that goes away in the middle of a file is no concern of the others.
        std::thread::spawn(move || answer(&root, &services, connection));
    }
    Ok(())
}

/// Answers the one request of a connection.
fn answer(root: &Path, services: &str, mut connection: TcpStream) -> std::io::Result<()> {
    connection.set_read_timeout(Some(TIMEOUT))?;
    connection.set_write_timeout(Some(TIMEOUT))?;
    let mut head = String::new();
    let mut reader = BufReader::new(connection.try_clone()?.take(MAX_HEAD));
    while reader.read_line(&mut head)? > 2 {}
    if head.starts_with(&format!("GET {SERVICES} ")) {
        let length = services.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        );
        return connection.write_all(format!("{head}{services}").as_bytes());
    }
    let reply = Reply::to(root, &head)?;
    connection.write_all(reply.head.as_bytes())?;
    if let Some((mut file, length)) = reply.body {
        std::io::copy(&mut (&mut file).take(length), &mut connection)?;
    }
    connection.flush()
}

/// A response head, and the part of a file that follows it.
struct Reply {
    head: String,
    body: Option<(File, u64)>,
}

impl Reply {
    fn to(root: &Path, request: &str) -> std::io::Result<Self> {
        let mut words = request.lines().next().unwrap_or_default().split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if method != "GET" && method != "HEAD" {
            return Ok(Self::refusal("405 Method Not Allowed", "Allow: GET, HEAD\r\n"));
        }
        let Some(path) = locate(root, target) else {
            return Ok(Self::refusal("404 Not Found", ""));
        };
        let mut file = File::open(&path)?;
        let size = file.metadata()?.len();
        let wanted = header(request, "range").and_then(|value| Range::parse(value, size));
        let (status, start, length, range) = match wanted {
            None => ("200 OK", 0, size, String::new()),
            Some(Range::Part { start, end }) => (
                "206 Partial Content",
                start,
                end - start + 1,
                format!("Content-Range: bytes {start}-{end}/{size}\r\n"),
            ),
            Some(Range::Outside) => {
                let range = format!("Content-Range: bytes */{size}\r\n");
                return Ok(Self::refusal("416 Range Not Satisfiable", &range));
            }
        };
        file.seek(SeekFrom::Start(start))?;
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {length}\r\n{range}\
             Accept-Ranges: bytes\r\nCache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n\
             Connection: close\r\n\r\n",
            content_type(&path)
        );
        Ok(Self { head, body: (method == "GET").then_some((file, length)) })
    }

    fn refusal(status: &str, headers: &str) -> Self {
        let head =
            format!("HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n");
        Self { head, body: None }
    }
}

/// One byte range, as video elements ask for it.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    Part { start: u64, end: u64 },
    Outside,
}

impl Range {
    /// `None` for what this server does not understand: it then sends the whole file, as it may.
    fn parse(value: &str, size: u64) -> Option<Self> {
        let (first, last) = value.strip_prefix("bytes=")?.split_once('-')?;
        let (start, end) = match (first.is_empty(), last.is_empty()) {
            (false, false) => (first.parse().ok()?, last.parse::<u64>().ok()?),
            (false, true) => (first.parse().ok()?, u64::MAX),
            (true, _) => (size.saturating_sub(last.parse().ok()?), u64::MAX),
        };
        if start >= size || end < start {
            return Some(Self::Outside);
        }
        Some(Self::Part { start, end: end.min(size - 1) })
    }
}

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// The file a request target names, if it is inside the root.
fn locate(root: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let decoded = percent_decoded(path)?;
    let relative = Path::new(&decoded);
    // `..`, a drive letter or a second root would leave the directory.
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let mut path = root.join(relative);
    if path.is_dir() {
        path.push("index.html");
    }
    // A symbolic link must not lead out either.
    path.canonicalize().ok().filter(|path| path.starts_with(root) && path.is_file())
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains(['\0', '\\']))
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "jpg" | "jpeg" => "image/jpeg",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "mp4" => "video/mp4",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "wav" => "audio/wav",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory with a page, and a secret beside it.
    struct Site(PathBuf);

    impl Site {
        fn new(name: &str) -> Self {
            let outside = std::env::temp_dir().join(format!("site-{name}-{}", std::process::id()));
            std::fs::create_dir_all(outside.join("root/assets")).unwrap();
            std::fs::write(outside.join("secret"), "secret").unwrap();
            std::fs::write(outside.join("root/index.html"), "<p>page").unwrap();
            std::fs::write(outside.join("root/assets/a b.wasm"), "0123456789").unwrap();
            Self(outside.canonicalize().unwrap())
        }

        fn root(&self) -> PathBuf {
            self.0.join("root")
        }

        fn get(&self, request: &str) -> (String, String) {
            let reply = Reply::to(&self.root(), request).unwrap();
            let mut body = String::new();
            if let Some((file, length)) = reply.body {
                file.take(length).read_to_string(&mut body).unwrap();
            }
            (reply.head, body)
        }
    }

    impl Drop for Site {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn a_directory_gives_its_index_and_files_have_their_types() {
        let site = Site::new("types");
        let (head, body) = site.get("GET / HTTP/1.1\r\n\r\n");
        assert!(head.contains("Content-Type: text/html"), "{head}");
        assert_eq!(body, "<p>page");
        let (head, body) = site.get("GET /assets/a%20b.wasm?v=1 HTTP/1.1\r\n\r\n");
        assert!(head.contains("Content-Type: application/wasm"), "{head}");
        assert_eq!(body, "0123456789");
    }

    #[test]
    fn nothing_outside_the_root_can_be_named() {
        let site = Site::new("outside");
        for target in [
            "/../secret",
            "/assets/../../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            "/..\\secret",
            "//etc/passwd",
            "/%00",
            "/%zz",
            "secret",
            "http://127.0.0.1/secret",
        ] {
            assert_eq!(locate(&site.root(), target), None, "{target}");
            let (head, _) = site.get(&format!("GET {target} HTTP/1.1\r\n\r\n"));
            assert!(head.starts_with("HTTP/1.1 404"), "{target}: {head}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out_of_the_root() {
        let site = Site::new("link");
        std::os::unix::fs::symlink(site.0.join("secret"), site.root().join("link")).unwrap();
        assert_eq!(locate(&site.root(), "/link"), None);
    }

    #[test]
    fn a_range_gives_that_part_only() {
        let site = Site::new("range");
        let (head, body) = site.get("GET /assets/a%20b.wasm HTTP/1.1\r\nRange: bytes=2-4\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 206"), "{head}");
        assert!(head.contains("Content-Range: bytes 2-4/10"), "{head}");
        assert_eq!(body, "234");
        let (head, _) = site.get("GET /assets/a%20b.wasm HTTP/1.1\r\nrange: bytes=10-\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 416"), "{head}");
    }

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        assert_eq!(Range::parse("bytes=0-", 10), Some(Range::Part { start: 0, end: 9 }));
        assert_eq!(Range::parse("bytes=-3", 10), Some(Range::Part { start: 7, end: 9 }));
        assert_eq!(Range::parse("bytes=8-99", 10), Some(Range::Part { start: 8, end: 9 }));
        assert_eq!(Range::parse("bytes=5-2", 10), Some(Range::Outside));
        assert_eq!(Range::parse("bytes=0-0", 0), Some(Range::Outside));
        assert_eq!(Range::parse("bytes=0-1,4-5", 10), None);
        assert_eq!(Range::parse("lines=1-2", 10), None);
    }

    #[test]
    fn only_reading_is_allowed() {
        let site = Site::new("methods");
        let (head, body) = site.get("POST / HTTP/1.1\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 405"), "{head}");
        assert_eq!(body, "");
        let (head, body) = site.get("HEAD / HTTP/1.1\r\n\r\n");
        assert!(head.contains("Content-Length: 7"), "{head}");
        assert_eq!(body, "");
    }
}
