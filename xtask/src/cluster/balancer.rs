//! The balancer's configuration: ops/haproxy.cfg, with this cluster's addresses.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Result, ensure};

/// The one that an installation uses.
const TEMPLATE: &str = include_str!("../../../ops/haproxy.cfg");

/// The template, with its `bind` and its `server` lines replaced.
pub(super) fn configuration(host: IpAddr, port: u16, servers: &[(String, SocketAddr)]) -> Result<String> {
    let server_lines: Vec<_> = servers.iter().map(|(name, address)| format!("    server {name} {address}")).collect();
    let bind_lines: Vec<_> = hosts(host).into_iter().map(|host| format!("    bind {}", SocketAddr::new(host, port))).collect();
    let mut lines = Vec::new();
    let mut before = None;
    for line in TEMPLATE.lines() {
        let word = line.split_whitespace().next();
        let ours = match word {
            Some("bind") => Some(&bind_lines),
            Some("server") => Some(&server_lines),
            _ => None,
        };
        match ours {
            // One group of lines becomes ours.
            Some(ours) if before != word => lines.extend(ours.iter().map(String::as_str)),
            Some(_) => {}
            None => lines.push(line),
        }
        before = word;
    }
    let has = |ours: &[String]| ours.iter().all(|line| lines.contains(&line.as_str()));
    ensure!(has(&bind_lines) && has(&server_lines), "ops/haproxy.cfg has no `bind` or no `server` line to replace");
    Ok(lines.join("\n") + "\n")
}

/// Loopback always, since whoever waits until it serves asks there.
fn hosts(host: IpAddr) -> Vec<IpAddr> {
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    if host == loopback || host == IpAddr::V4(Ipv4Addr::UNSPECIFIED) { vec![host] } else { vec![loopback, host] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(host: &str, servers: &[(&str, &str)]) -> String {
        let servers: Vec<_> =
            servers.iter().map(|(name, address)| ((*name).to_owned(), address.parse().expect("an address"))).collect();
        configuration(host.parse().expect("a host"), 3000, &servers).expect("the template has both kinds of line")
    }

    #[test]
    fn every_backend_gets_this_clusters_servers_and_no_others() {
        let config = made("127.0.0.1", &[("a", "127.0.0.1:1"), ("b", "127.0.0.1:2"), ("c", "127.0.0.1:3")]);
        let servers: Vec<_> = config.lines().filter(|line| line.trim_start().starts_with("server ")).collect();
        assert_eq!(servers[..3], servers[3..]);
        assert_eq!(servers[..3], ["    server a 127.0.0.1:1", "    server b 127.0.0.1:2", "    server c 127.0.0.1:3"]);
    }

    #[test]
    fn nobody_is_believed_who_says_where_they_come_from() {
        let config = made("127.0.0.1", &[("a", "127.0.0.1:1")]);
        let place = |wanted: &str| config.lines().position(|line| line.trim_start().starts_with(wanted)).expect(wanted);
        assert!(place("http-request del-header X-Forwarded-For") < place("option forwardfor"));
    }

    #[test]
    fn it_listens_where_it_is_told_and_on_loopback() {
        let binds = |host| {
            let config = made(host, &[("a", "127.0.0.1:1")]);
            config.lines().filter_map(|line| Some(line.trim().strip_prefix("bind ")?.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(binds("127.0.0.1"), ["127.0.0.1:3000"]);
        assert_eq!(binds("0.0.0.0"), ["0.0.0.0:3000"]);
        assert_eq!(binds("192.0.2.1"), ["127.0.0.1:3000", "192.0.2.1:3000"]);
    }
}
