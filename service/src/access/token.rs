//! Bearer tokens.

use std::{fmt, fs, path::Path};

use axum::body::Body;
use http::{HeaderValue, Request, Response, StatusCode, header};
use media_factory_core::Code;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::{arguments::TOKEN_VARIABLE, failure::StartError, refusal::refusal};

/// Tokens below this length can be guessed.
const SHORTEST: usize = 16;

/// Digests of the tokens that let a client in; without any everybody is.
pub(super) struct Tokens(Vec<[u8; 32]>);

/// Never shows a token, nor its digest.
impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Tokens({})", self.0.len())
    }
}

impl Tokens {
    /// The tokens of a file, one a line, and that of the environment.
    pub(super) fn new(file: Option<&Path>, variable: Option<&str>) -> Result<Self, StartError> {
        let mut tokens = Vec::new();
        if let Some(file) = file {
            let name = file.display();
            let text = fs::read_to_string(file).map_err(|error| {
                StartError::Token(format!(
                    "the token file {name} cannot be read: {error}; it holds one token a line"
                ))
            })?;
            for (line, token) in text.lines().map(str::trim).enumerate() {
                // A comment says whose the next token is.
                if !token.is_empty() && !token.starts_with('#') {
                    tokens.push(checked(token, &format!("line {} of {name}", line + 1))?);
                }
            }
            if tokens.is_empty() {
                return Err(StartError::Token(format!(
                    "the token file {name} has no token: write one a line, or leave --token-file \
                     out to let everybody in"
                )));
            }
        }
        if let Some(token) = variable {
            tokens.push(checked(token.trim(), TOKEN_VARIABLE)?);
        }
        Ok(Self(tokens))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scope of the token that the request carries, where it is one of these. Takes the same
    /// time for every wrong token.
    pub(super) fn scope_of(&self, request: &Request<Body>) -> Option<String> {
        let given = request.headers().get(header::AUTHORIZATION)?.as_bytes();
        let (scheme, token) = given.split_at_checked("Bearer ".len())?;
        if !scheme.eq_ignore_ascii_case(b"Bearer ") {
            return None;
        }
        let digest: [u8; 32] = Sha256::digest(token.trim_ascii()).into();
        let known = self.0.iter().map(|known| known.ct_eq(&digest));
        let known = known.fold(Choice::from(0), |all, one| all | one);
        bool::from(known).then(|| scope(&digest))
    }
}

fn checked(token: &str, place: &str) -> Result<[u8; 32], StartError> {
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(StartError::Token(format!(
            "the token in {place} cannot stand in a header: take letters, digits and punctuation \
             of ASCII, without spaces"
        )));
    }
    if token.len() < SHORTEST {
        tracing::warn!(place, "a token of less than {SHORTEST} characters can be guessed");
    }
    Ok(Sha256::digest(token).into())
}

/// What callers with this token have in common, and others do not. It is kept in records, so it is
/// not the digest that is compared.
fn scope(digest: &[u8; 32]) -> String {
    format!("{:x}", Sha256::new().chain_update("scope").chain_update(digest).finalize())
}

/// The refusal that asks for a token.
pub(super) fn wanted(message: &str) -> Response<Body> {
    let mut response = refusal(StatusCode::UNAUTHORIZED, Code::Auth, message);
    let challenge = HeaderValue::from_static("Bearer realm=\"media-factory\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}
