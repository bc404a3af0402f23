//! Asking a running service whether it is well: what a container's health check calls.

use std::{
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Enough for the first line of an answer.
const ENOUGH: u64 = 64;

/// Asks `GET /health` of the service at `url`, such as `http://127.0.0.1:5000`.
///
/// # Errors
/// A sentence that says what the matter is.
pub fn healthy(url: &str) -> Result<(), String> {
    let rest = url.strip_prefix("http://");
    let rest = rest.ok_or_else(|| format!("{url} does not begin with http://"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let address = match authority.rsplit_once(':') {
        Some((_, port)) if port.parse::<u16>().is_ok() => authority.to_owned(),
        _ => format!("{authority}:80"),
    };
    let line = first_line(&address, authority)
        .map_err(|error| format!("the service at {url} does not answer: {error}"))?;
    match line.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => Err(format!("the service at {url} is not well: {}", line.trim())),
    }
}

fn first_line(address: &str, authority: &str) -> io::Result<String> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "its name has no address");
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => return ask(stream, authority),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn ask(mut stream: TcpStream, authority: &str) -> io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /health HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(ENOUGH).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}
