//! Functions over networks in CIDR notation.

use super::{Call, Function, Parameter, Sees, function, integer, text, variadic};
use crate::terraform::datum::{Datum, Evaluated, Fault};
use bigdecimal::num_bigint::BigInt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) const FUNCTIONS: &[Function] = &[
    function("cidrhost", &[Parameter::Text, Parameter::Number], Sees::Known, |call, a| host(call, &a)),
    function("cidrnetmask", &[Parameter::Text], Sees::Known, |call, a| netmask(call, &a)),
    function("cidrsubnet", &[Parameter::Text, Parameter::Number, Parameter::Number], Sees::Known, |call, a| {
        subnet(call, &a)
    }),
    variadic("cidrsubnets", &[Parameter::Text], Parameter::Number, Sees::Known, |call, a| subnets(call, &a)),
];

/// An address block: the address with the host part cleared.
#[derive(Clone, Copy, Debug)]
struct Network {
    address: u128,
    length: u32,
    /// 32 or 128.
    bits: u32,
}

impl Network {
    fn parse(call: &Call<'_>, source: &str) -> Result<Self, Box<Fault>> {
        let wrong = || call.invalid(format!("\"{source}\" is no network in CIDR notation"));
        let (address, length) = source.split_once('/').ok_or_else(wrong)?;
        let (address, bits) = match parse_address(address) {
            Some(IpAddr::V4(address)) => (u128::from(address.to_bits()), 32),
            Some(IpAddr::V6(address)) => (address.to_bits(), 128),
            None => return Err(wrong()),
        };
        let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
        let length: u32 = if digits { length.parse().map_err(|_| wrong())? } else { return Err(wrong()) };
        if length > bits {
            return Err(wrong());
        }
        let host = bits - length;
        let address = if host >= 128 { 0 } else { address >> host << host };
        Ok(Self { address, length, bits })
    }

    fn text(self, with_length: bool) -> String {
        let address = if self.bits == 32 {
            IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(self.address).unwrap_or(u32::MAX)))
        } else {
            IpAddr::V6(Ipv6Addr::from_bits(self.address))
        };
        if with_length { format!("{address}/{}", self.length) } else { address.to_string() }
    }

    /// The subnet with this number when `more` bits are added to the prefix.
    fn subnet(self, call: &Call<'_>, more: u32, number: u128) -> Result<Self, Box<Fault>> {
        let length = self.length + more;
        if length > self.bits {
            return Err(call.invalid("the prefix has not enough bits left"));
        }
        if more < 128 && number >> more != 0 {
            return Err(call.invalid("the subnet's number does not fit"));
        }
        let shift = self.bits - length;
        let offset = if shift >= 128 { 0 } else { number << shift };
        Ok(Self { address: self.address | offset, length, bits: self.bits })
    }
}

/// Terraform still reads leading zeros as decimal digits.
fn parse_address(source: &str) -> Option<IpAddr> {
    if source.contains(':') {
        return source.parse().ok();
    }
    let parts: Option<Vec<u8>> = source
        .split('.')
        .map(|part| {
            let digits = !part.is_empty() && part.len() <= 10 && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<u64>().ok().and_then(|number| u8::try_from(number).ok())).flatten()
        })
        .collect();
    match parts?.as_slice() {
        [a, b, c, d] => Some(IpAddr::V4(Ipv4Addr::new(*a, *b, *c, *d))),
        _ => None,
    }
}

fn big(call: &Call<'_>, arguments: &[Datum], position: usize) -> Result<BigInt, Box<Fault>> {
    let number = arguments.get(position).and_then(Datum::as_number).map(crate::value::Number::decimal);
    let number = number.filter(|number| number.is_integer());
    number
        .map(|number| number.with_scale(0).into_bigint_and_exponent().0)
        .ok_or_else(|| call.invalid("a whole number is required"))
}

fn host(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let network = Network::parse(call, text(arguments, 0))?;
    let number = big(call, arguments, 1)?;
    let size = BigInt::from(1) << (network.bits - network.length);
    // A negative number counts from the end.
    let number = if number < BigInt::from(0) { &size + number } else { number };
    if number < BigInt::from(0) || number >= size {
        return Err(call.invalid("the network has no such host"));
    }
    let number = u128::try_from(number).map_err(|_| call.invalid("the network has no such host"))?;
    call.text(Network { address: network.address | number, ..network }.text(false))
}

fn netmask(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let network = Network::parse(call, text(arguments, 0))?;
    if network.bits != 32 {
        return Err(call.invalid("IPv6 has no netmasks"));
    }
    let host = 32 - network.length;
    let mask = if host >= 32 { 0 } else { u32::MAX >> host << host };
    call.text(Ipv4Addr::from_bits(mask).to_string())
}

fn subnet(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let network = Network::parse(call, text(arguments, 0))?;
    let more = u32::try_from(integer(call, arguments, 1)?).map_err(|_| call.invalid("new bits are negative"))?;
    let number =
        u128::try_from(big(call, arguments, 2)?).map_err(|_| call.invalid("the subnet's number does not fit"))?;
    call.text(network.subnet(call, more.min(256), number)?.text(true))
}

/// Consecutive subnets, each starting where its size allows after the one before.
fn subnets(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let network = Network::parse(call, text(arguments, 0))?;
    if network.length == 0 {
        return Err(call.invalid("the whole address space cannot be divided"));
    }
    let mut next: u128 = network.address;
    let mut overflowed = false;
    let mut found = Vec::new();
    for position in 1..arguments.len() {
        let more = u32::try_from(integer(call, arguments, position)?).ok().filter(|more| (1..=32).contains(more));
        let more = more.ok_or_else(|| call.invalid("new bits must be from 1 to 32"))?;
        let length = network.length + more;
        if length > network.bits {
            return Err(call.invalid("the prefix has not enough bits left"));
        }
        let size = 1_u128.checked_shl(network.bits - length).unwrap_or(0);
        let start = if size == 0 { next } else { next.div_ceil(size).saturating_mul(size) };
        let host = network.bits - network.length;
        let inside = host >= 128 || start - network.address < (1_u128 << host);
        if overflowed || !inside {
            return Err(call.invalid("the network has not enough room"));
        }
        found.push(Datum::string(Network { address: start, length, bits: network.bits }.text(true), call.span));
        match start.checked_add(size) {
            Some(after) => next = after,
            None => overflowed = true,
        }
    }
    Ok(Datum::list(found, call.span))
}
