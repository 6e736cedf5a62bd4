//! From the client's errors to ours. Their own texts name the whole URL, which must not reach logs, so only the
//! innermost cause is quoted.

use std::error::Error;
use std::io;

use crate::resolve::ResolveError;
use crate::{FetchError, GuardError};

/// The longest text quoted from a cause.
const MAX_TEXT: usize = 200;

pub(crate) fn classify(error: &reqwest::Error) -> FetchError {
    if let Some(error) = cause::<GuardError>(error) {
        return FetchError::Guard { error: error.clone() };
    }
    let why = innermost(error);
    if cause::<ResolveError>(error).is_some() {
        return FetchError::Resolve { why };
    }
    if cause::<rustls::Error>(error).is_some() {
        return FetchError::Tls { why };
    }
    if error.is_timeout() {
        return FetchError::Timeout;
    }
    if error.is_connect() {
        return FetchError::Connect { why };
    }
    match cause::<hyper::Error>(error) {
        Some(parse) if parse.is_parse() && parse.to_string().contains("too large") => FetchError::HeadTooLarge,
        Some(parse) if parse.is_parse() => FetchError::Malformed { why },
        _ => FetchError::Closed { why },
    }
}

/// The text of the last cause in the chain, made short and harmless.
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let text = chain(error).last().map_or_else(String::new, ToString::to_string);
    text.chars().filter(|character| !character.is_control()).take(MAX_TEXT).collect()
}

fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|cause| cause.downcast_ref())
}

/// An error and its causes, looking into I/O errors, which hide theirs.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| next_cause(*error))
}

fn next_cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_inside_of_io_errors_are_found() {
        let hidden = io::Error::other(io::Error::other(GuardError::LocalName));
        assert_eq!(cause::<GuardError>(&hidden), Some(&GuardError::LocalName));
        assert!(innermost(&hidden).contains("localhost"));
        assert!(cause::<rustls::Error>(&hidden).is_none());
    }
}
