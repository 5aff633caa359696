//! Which addresses a reference may lead to: never from the open net into a private one.
//!
//! A document is somebody else's text; its references must not make this machine ask its own neighbourhood. What
//! counts is the address that is connected to, so the check sits in the resolver: a name that resolves to
//! another address the second time gains nothing.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use url::{Host, Url};

/// How far from the open net an address lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// The open net.
    Public,
    /// A private network.
    Private,
    /// This machine.
    Loopback,
    /// The local link, where clouds keep their metadata; multicast and reserved addresses.
    Link,
}

impl Reach {
    /// The reach of an address.
    pub(super) fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let [first, second, third, _] = address.octets();
        match (first, second, third) {
            // Connecting to 0.0.0.0 reaches this machine.
            (0 | 127, ..) => Self::Loopback,
            (10, ..) | (192, 168, _) | (172, 16..=31, _) | (100, 64..=127, _) | (198, 18..=19, _) => {
                Self::Private
            }
            (169, 254, _) | (192, 0, 0) | (224..=255, ..) => Self::Link,
            _ => Self::Public,
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        let segments = address.segments();
        let last = || {
            let [a, b] = [segments[6].to_be_bytes(), segments[7].to_be_bytes()];
            Ipv4Addr::new(a[0], a[1], b[0], b[1])
        };
        match segments {
            [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Self::Loopback,
            // IPv4 in other clothes: mapped, compatible, NAT64, 6to4.
            [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0x64, 0xff9b, ..] => Self::of_v4(last()),
            [0x2002, high, low, ..] => {
                let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
                Self::of_v4(Ipv4Addr::new(a, b, c, d))
            }
            [0xfc00..=0xfdff, ..] => Self::Private,
            [0xfe80..=0xffff, ..] => Self::Link,
            _ => Self::Public,
        }
    }

    /// The reach of a URL whose host is an address.
    pub(super) fn of_literal(url: &Url) -> Option<Self> {
        match url.host()? {
            Host::Ipv4(address) => Some(Self::of_v4(address)),
            Host::Ipv6(address) => Some(Self::of_v6(address)),
            Host::Domain(_) => None,
        }
    }

    /// Whether a document from here may refer to something there.
    pub(super) fn may_lead_to(self, there: Self) -> bool {
        there == Self::Public || there == self || (self == Self::Loopback && there == Self::Private)
    }
}

/// A name that leads where a reference must not.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) address: IpAddr,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a public address", self.address)
    }
}

impl std::error::Error for Refused {}

/// A resolver that hands out allowed addresses alone.
pub(super) struct Guard {
    /// Where the document came from.
    pub(super) from: Reach,
    /// If there, only this host is guarded: other names are proxies', which the user chose.
    pub(super) host: Option<String>,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guarded = self.host.as_deref().is_none_or(|host| host.eq_ignore_ascii_case(name.as_str()));
        let from = self.from;
        Box::pin(async move {
            let mut found = look_up(name.as_str()).await?;
            if guarded {
                let refused =
                    found.iter().find(|to| !from.may_lead_to(Reach::of(to.ip()))).map(SocketAddr::ip);
                found.retain(|to| from.may_lead_to(Reach::of(to.ip())));
                if let (true, Some(address)) = (found.is_empty(), refused) {
                    return Err(Refused { address }.into());
                }
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// A resolver that remembers how near the addresses of one host were.
#[derive(Clone)]
pub(super) struct Witness {
    host: Arc<str>,
    seen: Arc<Mutex<Option<Reach>>>,
}

impl Witness {
    /// Watches what the host of `url` resolves to.
    pub(super) fn of(url: &Url) -> Self {
        let literal = Reach::of_literal(url);
        Self { host: Arc::from(url.host_str().unwrap_or_default()), seen: Arc::new(Mutex::new(literal)) }
    }

    /// The reach of the host; the open net, if a proxy resolved it.
    pub(super) fn reach(&self) -> Reach {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or(Reach::Public)
    }
}

impl Resolve for Witness {
    fn resolve(&self, name: Name) -> Resolving {
        let seen = self.host.eq_ignore_ascii_case(name.as_str()).then(|| Arc::clone(&self.seen));
        Box::pin(async move {
            let found = look_up(name.as_str()).await?;
            if let Some(seen) = seen {
                // Of several addresses the most public one counts.
                let nearest = found.iter().map(|to| Reach::of(to.ip())).min();
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                *seen = seen.map_or(nearest, |known| nearest.map(|new| new.min(known)));
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

async fn look_up(name: &str) -> std::io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((name, 0)).await?.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart() {
        let check = |address: &str, expected: Reach| {
            assert_eq!(Reach::of(address.parse().expect("an address")), expected, "{address}");
        };
        for public in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"] {
            check(public, Reach::Public);
        }
        for private in ["10.1.2.3", "192.168.0.1", "172.31.0.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1"] {
            check(private, Reach::Private);
        }
        for loopback in ["127.9.9.9", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "2002:7f00:1::"] {
            check(loopback, Reach::Loopback);
        }
        for link in ["169.254.169.254", "fe80::1", "224.0.0.1", "255.255.255.255", "64:ff9b::a9fe:a9fe"] {
            check(link, Reach::Link);
        }
    }

    #[test]
    fn addresses_in_odd_spellings_are_addresses() {
        for odd in ["http://2130706433/", "http://0x7f.1/", "http://017700000001/", "http://[::ffff:7f00:1]/"]
        {
            assert_eq!(Reach::of_literal(&Url::parse(odd).expect("a URL")), Some(Reach::Loopback), "{odd}");
        }
    }

    #[test]
    fn only_the_near_lead_to_the_near() {
        use Reach::{Link, Loopback, Private, Public};
        let all = [Public, Private, Loopback, Link];
        let allowed = |from: Reach| all.into_iter().filter(|to| from.may_lead_to(*to)).collect::<Vec<_>>();
        assert_eq!(allowed(Public), [Public]);
        assert_eq!(allowed(Private), [Public, Private]);
        assert_eq!(allowed(Loopback), [Public, Private, Loopback]);
        assert_eq!(allowed(Link), [Public, Link]);
    }

    #[tokio::test]
    async fn a_guarded_name_that_leads_home_is_refused() {
        let resolve = async |host: Option<&str>, from: Reach| {
            let guard = Guard { from, host: host.map(str::to_owned) };
            guard.resolve("localhost".parse().expect("a name")).await.map(Iterator::count)
        };
        let refused = resolve(None, Reach::Public).await.expect_err("refused");
        assert!(refused.downcast_ref::<Refused>().is_some(), "{refused}");
        assert!(resolve(Some("LOCALHOST"), Reach::Private).await.is_err());
        assert!(resolve(Some("proxy"), Reach::Public).await.is_ok());
        assert!(resolve(None, Reach::Loopback).await.is_ok());
        let witness = Witness::of(&Url::parse("http://localhost:1/").expect("a URL"));
        assert_eq!(witness.reach(), Reach::Public);
        _ = witness.resolve("localhost".parse().expect("a name")).await.expect("resolves");
        assert_eq!(witness.reach(), Reach::Loopback);
    }
}
