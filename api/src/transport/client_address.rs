//! Where a request comes from.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use thiserror::Error;

/// The header in which each proxy adds the address it was called from to the end of a list.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How much of an IPv6 address tells one client from another. Networks hand out a /64 to each of theirs, who can then
/// take any address in it.
const IPV6_CLIENT_BITS: u32 = 64;

/// The address of the client that made a request. Every operation has it in its data.
///
/// It is the peer of the connection, unless that is a trusted proxy, which then tells who called it. A request that came
/// over no network has the unspecified address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address of the client behind a connection from `peer` with these headers.
    pub(super) fn of(peer: Option<SocketAddr>, headers: &HeaderMap, proxies: &TrustedProxies) -> Self {
        let Some(peer) = peer else { return Self::default() };
        let mut client = peer.ip().to_canonical();
        let mut hops =
            headers.get_all(FORWARDED_FOR).iter().rev().flat_map(|value| value.to_str().unwrap_or("").rsplit(','));
        // Only what a trusted proxy added is believed. Whatever stands before that was sent by the client itself.
        while proxies.trust(client) {
            let Some(hop) = hops.next().and_then(hop_address) else { break };
            client = hop;
        }
        Self(client)
    }

    /// All the addresses that one client can take at will, as one: an IPv6 address stands for its /64.
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> IPV6_CLIENT_BITS << IPV6_CLIENT_BITS))
            }
        }
    }
}

impl Default for ClientAddress {
    fn default() -> Self {
        Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

/// One item of the list. Some proxies add the port of the connection, and put brackets around IPv6 addresses.
fn hop_address(item: &str) -> Option<IpAddr> {
    let item = item.trim();
    let address = item.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(item);
    let address = address.parse().or_else(|_| item.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// The proxies in front of this server whose `X-Forwarded-For` is believed. None by default.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Whether this is one of them.
    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromIterator<TrustedProxy> for TrustedProxies {
    fn from_iter<I: IntoIterator<Item = TrustedProxy>>(proxies: I) -> Self {
        Self(proxies.into_iter().map(|proxy| proxy.0).collect())
    }
}

/// The address of a trusted proxy, or the network of several in CIDR notation (RFC 4632).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedProxy(IpNet);

/// What was given is neither an address nor a network.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is neither an address such as 10.0.0.7 nor a network such as 10.0.0.0/8; correct it or leave it out")]
pub struct TrustedProxyError(String);

impl FromStr for TrustedProxy {
    type Err = TrustedProxyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        let network = trimmed.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
        let network = network.ok().or_else(|| trimmed.parse().ok());
        network.map(Self).ok_or_else(|| TrustedProxyError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{ClientAddress, FORWARDED_FOR, TrustedProxies, TrustedProxy};

    fn client(peer: &str, forwarded_for: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded_for {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        let proxies: TrustedProxies = proxies.iter().map(|proxy| proxy.parse::<TrustedProxy>().unwrap()).collect();
        ClientAddress::of(Some(peer.parse().unwrap()), &headers, &proxies).0.to_string()
    }

    #[test]
    fn nobody_is_believed_unless_trusted() {
        assert_eq!(client("192.0.2.1:5", &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(client("192.0.2.1:5", &["198.51.100.7"], &["192.0.2.2"]), "192.0.2.1");
        assert_eq!(client("192.0.2.1:5", &["198.51.100.7"], &["192.0.2.1"]), "198.51.100.7");
        assert_eq!(client("192.0.2.1:5", &[], &["192.0.2.1"]), "192.0.2.1");
    }

    #[test]
    fn the_client_is_the_rightmost_hop_that_is_not_trusted() {
        let proxies = ["10.0.0.0/8", "2001:db8::/32"];
        let chain = ["203.0.113.9, 198.51.100.7", "10.1.1.1 , 2001:db8::5"];
        assert_eq!(client("10.0.0.1:5", &chain, &proxies), "198.51.100.7");
        assert_eq!(client("10.0.0.1:5", &["10.0.0.3,10.0.0.2"], &proxies), "10.0.0.3");
    }

    #[test]
    fn what_cannot_be_read_ends_the_chain_at_the_last_proxy() {
        let proxies = ["10.0.0.0/8"];
        for item in ["unknown", "", "203.0.113.9, _hidden", "203.0.113.9,"] {
            assert_eq!(client("10.0.0.1:5", &[item], &proxies), "10.0.0.1", "{item:?}");
        }
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        for (item, expected) in [
            ("198.51.100.7:1234", "198.51.100.7"),
            ("[2001:db8::1]:1234", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
        ] {
            assert_eq!(client("[::ffff:10.0.0.1]:5", &[item], &["10.0.0.1"]), expected);
        }
    }

    #[test]
    fn an_ipv6_client_is_its_network() {
        let network = |address: &str| ClientAddress(address.parse().unwrap()).network().to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("198.51.100.7"), "198.51.100.7");
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        for text in ["", "proxy.example.com", "10.0.0.0/33", "10.0.0.1:80"] {
            let error = text.parse::<TrustedProxy>().unwrap_err().to_string();
            assert!(error.contains("such as 10.0.0.0/8"), "{error}");
        }
    }
}
