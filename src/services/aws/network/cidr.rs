//! Address ranges in CIDR notation, seen from the internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which clients a range holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clients {
    Everyone,
    /// Addresses that are not routed on the internet.
    Private,
    /// Some of the internet.
    Some,
}

/// `None` for text that is no range.
pub(super) fn clients(text: &str) -> Option<Clients> {
    let (address, length) = range(text)?;
    match address {
        IpAddr::V4(address) => Some(v4(address, length)),
        IpAddr::V6(address) => Some(v6(address, length)),
    }
}

fn range(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.trim().split_once('/')?;
    let length: u8 = length.parse().ok()?;
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    (length <= most).then_some((address, length))
}

/// Whether `outer` holds every address of `inner`; text that is no range holds nothing.
pub(super) fn covers(outer: &str, inner: &str) -> bool {
    let (Some((outer, length)), Some((inner, inner_length))) = (range(outer), range(inner)) else { return false };
    length <= inner_length && first_bits(outer, length) == first_bits(inner, length)
}

/// The family of an address, and as many of its bits as asked for.
fn first_bits(address: IpAddr, length: u8) -> (bool, u128) {
    let rest = |width: u32| width.saturating_sub(u32::from(length));
    match address {
        IpAddr::V4(address) => (false, u128::from(u32::from(address).checked_shr(rest(32)).unwrap_or(0))),
        IpAddr::V6(address) => (true, u128::from(address).checked_shr(rest(128)).unwrap_or(0)),
    }
}

/// RFC 1918, RFC 6598 (shared address space), loopback and link-local.
fn v4(address: Ipv4Addr, length: u8) -> Clients {
    if length == 0 {
        return Clients::Everyone;
    }
    let [first, second, ..] = address.octets();
    let least_length = match (first, second) {
        (10 | 127, _) => 8,
        (172, 16..=31) => 12,
        (192, 168) | (169, 254) => 16,
        (100, 64..=127) => 10,
        _ => return Clients::Some,
    };
    if length >= least_length { Clients::Private } else { Clients::Some }
}

/// Unique local addresses (RFC 4193) and link-local.
fn v6(address: Ipv6Addr, length: u8) -> Clients {
    if length == 0 {
        return Clients::Everyone;
    }
    let [first, ..] = address.segments();
    let local = (first & 0xfe00 == 0xfc00 && length >= 7) || (first & 0xffc0 == 0xfe80 && length >= 10);
    if local { Clients::Private } else { Clients::Some }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_zero_length_prefix_is_everyone() {
        assert_eq!(clients("0.0.0.0/0"), Some(Clients::Everyone));
        assert_eq!(clients("::/0"), Some(Clients::Everyone));
        assert_eq!(clients("0.0.0.0/1"), Some(Clients::Some));
        assert_eq!(clients("203.0.113.7/32"), Some(Clients::Some));
    }

    #[test]
    fn a_range_wider_than_a_private_one_is_not_private() {
        assert_eq!(clients("10.0.0.0/16"), Some(Clients::Private));
        assert_eq!(clients("10.0.0.0/7"), Some(Clients::Some));
        assert_eq!(clients("172.31.0.0/16"), Some(Clients::Private));
        assert_eq!(clients("172.0.0.0/8"), Some(Clients::Some));
        assert_eq!(clients("fd00::/8"), Some(Clients::Private));
    }

    #[test]
    fn a_range_covers_itself_and_its_parts() {
        assert!(covers("10.0.0.0/16", "10.0.1.0/24"));
        assert!(covers("10.0.1.0/24", "10.0.1.0/24"));
        assert!(covers("0.0.0.0/0", "10.0.1.0/24"));
        assert!(covers("fd00::/8", "fd00:1::/64"));
        assert!(!covers("10.0.1.0/24", "10.0.0.0/16"));
        assert!(!covers("10.0.2.0/24", "10.0.1.0/24"));
        assert!(!covers("::/0", "10.0.1.0/24"));
        assert!(!covers("all", "10.0.1.0/24"));
    }

    #[test]
    fn other_text_is_no_range() {
        assert_eq!(clients("10.0.0.1"), None);
        assert_eq!(clients("10.0.0.0/33"), None);
        assert_eq!(clients("pl-0123456789abcdef0"), None);
    }
}
