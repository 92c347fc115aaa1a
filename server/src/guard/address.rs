//! Whose request it is.
//!
//! A connection's other end is an address that nobody can invent. Behind a proxy it is the proxy's, and what stands in
//! `X-Forwarded-For` tells the client's; anybody can send that header, so it is believed of the proxies that the
//! operator has named, and of nobody else.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::{Extensions, HeaderMap};
use ipnet::IpNet;

/// Each proxy on the way adds the address that it was asked from, after those before it.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// What proxies add in other customs. Whoever sends one of these without being a named proxy is no local program.
const FORWARDING_HEADERS: [&str; 4] = [FORWARDED_FOR, "forwarded", "x-real-ip", "via"];
/// The most addresses that are looked at: a longer chain of proxies is none of ours.
const MAX_HOPS: usize = 16;

/// An address as limits count it: one IPv4 address, or the 64 bits of IPv6 that a subscriber gets as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network(IpAddr);

impl Network {
    /// From where a request came, by what stands among its extensions. Where nobody says, they are all one.
    pub fn of(extensions: &Extensions) -> Self {
        let client = extensions.get::<Client>();
        client.map_or_else(|| IpAddr::from(Ipv4Addr::UNSPECIFIED).into(), |client| client.network)
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
            v4 => v4,
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(f),
            IpAddr::V6(address) => write!(f, "{address}/64"),
        }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Who sent a request. Each has one among its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// From where.
    pub network: Network,
    /// By a program on this machine, and no proxy's.
    pub is_local: bool,
}

/// The proxies that the operator has named.
#[derive(Debug, Default)]
pub struct Proxies {
    named: Vec<IpNet>,
    /// Whether it was told that one is there which was not named.
    has_told: AtomicBool,
}

impl Proxies {
    /// These addresses and networks.
    pub fn new(named: Vec<IpNet>) -> Self {
        Self { named, has_told: AtomicBool::new(false) }
    }

    /// Whether that is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.named.iter().any(|named| named.contains(&address))
    }

    /// Who sent a request that came from `peer` with these headers.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let peer = peer.to_canonical();
        if !self.contains(peer) {
            let is_forwarded = FORWARDING_HEADERS.iter().any(|name| headers.contains_key(*name));
            if is_forwarded && !self.has_told.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    %peer,
                    "requests come through a proxy that --trusted-proxy does not name: its clients are counted as one, and share \
                     what one address may do"
                );
            }
            return Client { network: peer.into(), is_local: peer.is_loopback() && !is_forwarded };
        }
        let told: Vec<&[u8]> =
            headers.get_all(FORWARDED_FOR).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).collect();
        // From the nearest: what a named proxy has added is true, and what stands before it is true if that was
        // added by another one.
        let mut client = peer;
        for hop in told.iter().rev().take(MAX_HOPS) {
            let Some(address) = std::str::from_utf8(hop).ok().and_then(address_in) else { break };
            client = address;
            if !self.contains(address) {
                break;
            }
        }
        // A proxy that says nothing of its client has asked by itself: a balancer's health check.
        Client { network: client.into(), is_local: client.is_loopback() }
    }
}

/// An address, alone or with its port.
fn address_in(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = || IpAddr::from_str(text.trim_start_matches('[').trim_end_matches(']')).ok();
    let with_port = || SocketAddr::from_str(text).ok().map(|address| address.ip());
    bare().or_else(with_port).map(|address| address.to_canonical())
}

/// Reads what an operator names: `10.0.0.7`, or `10.0.0.0/24`.
pub fn proxy(text: &str) -> Result<IpNet, String> {
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| "it has to be an address or a network: 10.0.0.7, 10.0.0.0/24, fd00::/8".to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    fn headers(forwarded: &[&str]) -> HeaderMap {
        forwarded.iter().map(|value| (FORWARDED_FOR.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn seen_from(proxies: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let proxies = Proxies::new(proxies.iter().map(|text| proxy(text).unwrap()).collect());
        proxies.client(peer.parse().unwrap(), &headers(forwarded)).network.to_string()
    }

    #[test]
    fn a_header_counts_where_a_named_proxy_sends_it() {
        assert_eq!(seen_from(&[], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(seen_from(&["10.0.0.0/8"], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(seen_from(&["10.0.0.7"], "10.0.0.7", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen_from(&["10.0.0.7"], "::ffff:10.0.0.7", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(seen_from(&["10.0.0.7"], "10.0.0.7", &["[2001:db8::1]:4711"]), "2001:db8::/64");
    }

    #[test]
    fn what_the_client_itself_sent_along_is_not_believed() {
        assert_eq!(seen_from(&["10.0.0.7"], "10.0.0.7", &["127.0.0.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen_from(&["10.0.0.7"], "10.0.0.7", &["127.0.0.1", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen_from(&["10.0.0.0/24"], "10.0.0.7", &["1.1.1.1, 198.51.100.1, 10.0.0.8"]), "198.51.100.1");
        assert_eq!(seen_from(&["10.0.0.7"], "10.0.0.7", &["198.51.100.1, nonsense"]), "10.0.0.7");
    }

    #[test]
    fn who_is_local_is_no_proxy_s_client() {
        let local = |proxies: &[&str], forwarded: &[&str]| {
            let proxies = Proxies::new(proxies.iter().map(|text| proxy(text).unwrap()).collect());
            proxies.client("127.0.0.1".parse().unwrap(), &headers(forwarded)).is_local
        };
        assert!(local(&[], &[]));
        assert!(!local(&[], &["127.0.0.1"]), "a proxy that nobody named");
        assert!(local(&["127.0.0.1"], &[]));
        assert!(!local(&["127.0.0.1"], &["198.51.100.1"]));
    }

    #[test]
    fn a_subscriber_s_whole_ipv6_network_is_one() {
        let network = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:10.0.0.7"), network("10.0.0.7"));
    }
}
