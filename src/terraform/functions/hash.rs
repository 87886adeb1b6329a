//! Checksums and identifiers.

use super::{Call, Function, Parameter, Sees, called, function, text, variadic};
use crate::terraform::datum::{Datum, Evaluated};
use crate::value::Reason;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write as _;

pub(super) const FUNCTIONS: &[Function] = &[
    function("base64sha256", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(STANDARD.encode(digest::<Sha256>(text(&a, 0).as_bytes())))
    }),
    function("base64sha512", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(STANDARD.encode(digest::<Sha512>(text(&a, 0).as_bytes())))
    }),
    variadic("bcrypt", &[Parameter::Text], Parameter::Number, Sees::All, chance),
    function("md5", &[Parameter::Text], Sees::Known, |call, a| call.text(hex(&digest::<Md5>(text(&a, 0).as_bytes())))),
    function("rsadecrypt", &[Parameter::Text, Parameter::Text], Sees::All, |call, a| {
        Ok(call.unevaluated(&secret(a)).marked(true))
    }),
    function("sha1", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(hex(&digest::<Sha1>(text(&a, 0).as_bytes())))
    }),
    function("sha256", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(hex(&digest::<Sha256>(text(&a, 0).as_bytes())))
    }),
    function("sha512", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(hex(&digest::<Sha512>(text(&a, 0).as_bytes())))
    }),
    function("uuid", &[], Sees::All, chance),
    function("uuidv5", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| uuid_v5(call, &a)),
];

pub(super) fn digest<D: Digest>(bytes: &[u8]) -> Vec<u8> {
    D::digest(bytes).to_vec()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Different each time: only deployment can tell.
fn chance(call: &Call<'_>, arguments: Vec<Datum>) -> Evaluated {
    let place = call.evaluator.library.sources.place(call.span);
    let what = format!("{} (at {place})", called(call.name, &secret(arguments)));
    Ok(Datum::unknown(Reason::AfterDeployment, what, call.span))
}

/// Keys and passwords, whether the code marks them as such or not.
fn secret(arguments: Vec<Datum>) -> Vec<Datum> {
    arguments.into_iter().map(|argument| argument.marked(true)).collect()
}

/// RFC 4122: the first 16 bytes of SHA-1 over namespace and name, with version and variant set.
fn uuid_v5(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let namespace = match text(arguments, 0) {
        "dns" => "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "url" => "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
        "oid" => "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
        "x500" => "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
        other => other,
    };
    let digits: String = namespace.chars().filter(|c| *c != '-').collect();
    let parsed: Option<Vec<u8>> =
        (0..16).map(|at| digits.get(at * 2..at * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect();
    let Some(mut bytes) = parsed.filter(|_| digits.len() == 32) else {
        return Err(call.invalid("the namespace is no UUID"));
    };
    bytes.extend_from_slice(text(arguments, 1).as_bytes());
    let mut hash = digest::<Sha1>(&bytes);
    hash.truncate(16);
    if let Some(byte) = hash.get_mut(6) {
        *byte = (*byte & 0x0f) | 0x50;
    }
    if let Some(byte) = hash.get_mut(8) {
        *byte = (*byte & 0x3f) | 0x80;
    }
    let digits = hex(&hash);
    let parts: Vec<&str> =
        [0..8, 8..12, 12..16, 16..20, 20..32].into_iter().filter_map(|range| digits.get(range)).collect();
    call.text(parts.join("-"))
}
