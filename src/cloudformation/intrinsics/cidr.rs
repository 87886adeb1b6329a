//! Address blocks cut into equal ones.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The first `count` blocks of `bits` host bits in an address block.
pub(super) fn subnets(block: &str, count: i64, bits: i64) -> Result<Vec<String>, String> {
    let refused = || format!("{block} is no address block");
    let (address, length) = match block.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (block, None),
    };
    let address: IpAddr = address.parse().map_err(|_| refused())?;
    let (width, number): (u32, u128) = match address {
        IpAddr::V4(address) => (32, u128::from(u32::from(address))),
        IpAddr::V6(address) => (128, u128::from(address)),
    };
    let length: u32 = match length {
        Some(length) => length.parse().map_err(|_| refused())?,
        None => width,
    };
    let bits = u32::try_from(bits).map_err(|_| "its bits are negative".to_owned())?;
    if !(1..=256).contains(&count) {
        return Err(format!("its count {count} is not in 1 to 256"));
    }
    let prefix = width.checked_sub(bits).filter(|prefix| *prefix >= length && length <= width);
    let Some(prefix) = prefix else { return Err(format!("{block} has no room for blocks of {bits} bits")) };
    let count = u128::from(count.unsigned_abs());
    let room = 1_u128.checked_shl(prefix - length).unwrap_or(u128::MAX);
    if count > room {
        return Err(format!("{block} has no room for {count} blocks of {bits} bits"));
    }
    let host_bits = width - length;
    let first = number.checked_shr(host_bits).unwrap_or(0).checked_shl(host_bits).unwrap_or(0);
    let step = 1_u128.checked_shl(bits).unwrap_or(0);
    Ok((0..count).map(|index| shown(first.wrapping_add(index.wrapping_mul(step)), width, prefix)).collect())
}

fn shown(number: u128, width: u32, prefix: u32) -> String {
    if width == 32 {
        format!("{}/{prefix}", Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)))
    } else {
        format!("{}/{prefix}", Ipv6Addr::from(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_follow_each_other() {
        assert_eq!(subnets("172.16.0.0/22", 2, 8).unwrap(), ["172.16.0.0/24", "172.16.1.0/24"]);
        assert_eq!(subnets("172.16.3.7/22", 1, 10).unwrap(), ["172.16.0.0/22"]);
        assert_eq!(subnets("fd00::/48", 2, 64).unwrap(), ["fd00::/64", "fd00:0:0:1::/64"]);
        assert_eq!(subnets("0.0.0.0/0", 2, 31).unwrap(), ["0.0.0.0/1", "128.0.0.0/1"]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(subnets("172.16.0.0/24", 2, 8).is_err());
        assert!(subnets("172.16.0.0/24", 1, 33).is_err());
        assert!(subnets("172.16.0.0/24", 0, 4).is_err());
        assert!(subnets("vpc-1", 1, 4).is_err());
    }
}
