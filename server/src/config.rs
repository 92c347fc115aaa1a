//! What whoever runs it can choose, by flags or by environment.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::bus::Topology;

/// Table ordering for restaurants: guests share a cart, the kitchen sees each round, and nothing is
/// lost, doubled or shown to the wrong table.
#[derive(Debug, Parser)]
#[command(name = "comanda", version, about, long_about = None)]
pub struct Config {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a demo restaurant, and print its links and how to sign in
    Demo(Serve),
    /// Serve the venues of the data directory
    Serve(Serve),
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// The address to listen on; 0.0.0.0 lets phones in the same network in
    #[arg(long, env = "COMANDA_HOST", default_value = "127.0.0.1")]
    pub host: IpAddr,

    /// The port to listen on; 0 takes a free one and prints it
    #[arg(long, short, env = "COMANDA_PORT", default_value_t = 3000)]
    pub port: u16,

    /// The directory that holds everything: the log, and the secret that signs cookies
    #[arg(long, short, env = "COMANDA_DATA", default_value = "data")]
    pub data: PathBuf,

    /// Keep the log in PostgreSQL, which several servers can share: postgres://user:password@host/database.
    /// By default it is a SQLite file in the data directory, which is one server's alone.
    #[arg(long, env = "COMANDA_DATABASE_URL", hide_env_values = true, value_name = "URL", requires = "shared_secret")]
    pub database_url: Option<String>,

    /// Tell the other servers through Redis what happens: redis://, rediss:// (TLS), with user:password@ if needed.
    /// redis+sentinel://host:port,host:port/NAME asks Sentinels for the master NAME, and
    /// redis+cluster://host:port,host:port uses a cluster's sharded channels (rediss+… for TLS).
    /// Without it, servers that share a database hear of each other within two seconds.
    #[arg(long, env = "COMANDA_REDIS_URL", hide_env_values = true, value_name = "URL", requires = "database_url",
          value_parser = Topology::from_str)]
    pub redis_url: Option<Topology>,

    /// Who vouches for the servers of a rediss:// URL: a certificate authority in PEM. By default, whom the system trusts.
    #[arg(long, env = "COMANDA_REDIS_CA_FILE", value_name = "FILE", requires = "redis_url")]
    pub redis_ca_file: Option<PathBuf>,

    /// A file with the secrets that sign cookies, one a line, each at least 64 hexadecimal digits (`openssl rand
    /// -hex 64` makes one): the first signs, all are accepted. By default the file `secret` in the data directory,
    /// which is made if it is missing. All servers of an installation need the same.
    #[arg(long, env = "COMANDA_SECRET_FILE", value_name = "FILE", group = "shared_secret")]
    pub secret_file: Option<PathBuf>,

    /// The same secrets by themselves, separated by commas
    #[arg(long, env = "COMANDA_SECRET", hide_env_values = true, value_name = "HEX,…", group = "shared_secret")]
    pub secret: Option<String>,

    /// How people reach this server, for links and QR codes: https://order.example.com.
    /// With https, cookies are sent over TLS only. By default the address listened on.
    #[arg(long, env = "COMANDA_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<String>,

    /// A venue's file, to create the venue or to publish what changed; may be given several times
    #[arg(long = "venue", env = "COMANDA_VENUE", value_delimiter = ',', value_name = "FILE")]
    pub venues: Vec<PathBuf>,

    /// Write every table's link to this file, as JSON that only its owner can read: for printing the
    /// codes, and for tests. Passwords that were made at this start stand in it too.
    #[arg(long, env = "COMANDA_LINKS", value_name = "FILE")]
    pub links: Option<PathBuf>,

    /// Who asks for /metrics has to bring this: `Authorization: Bearer TOKEN`. By default anybody is answered who
    /// reaches the port; the figures name nobody and no venue.
    #[arg(long, env = "COMANDA_METRICS_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub metrics_token: Option<String>,

    /// The password of the demo's staff. By default one is made, and kept in the data directory.
    #[arg(long, env = "COMANDA_DEMO_PASSWORD", hide_env_values = true, value_name = "PASSWORD")]
    pub demo_password: Option<String>,

    /// Seconds between two heartbeats of a screen. A lost connection shows after at most twice this.
    #[arg(long, env = "COMANDA_HEARTBEAT_SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=300))]
    pub heartbeat_seconds: u16,

    /// Seconds that a stop may take, until screens have moved and commands have finished
    #[arg(long, env = "COMANDA_STOP_SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub stop_seconds: u16,

    /// How to write the log of what the server does
    #[arg(long, env = "COMANDA_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// What to write there: error, warn, info, debug, trace, or by module (server::live=debug)
    #[arg(long, env = "COMANDA_LOG", default_value = "info")]
    pub log: String,
}

/// How to write the log of what the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// For machines: one JSON object a line
    Json,
}

impl Serve {
    /// Whether people come by HTTPS.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// How links start, once it is known where we listen.
    pub fn link_base(&self, listening: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{listening}"))
    }
}

fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest.map(|rest| rest.trim_end_matches('/')) {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("it has to be http:// or https:// and a host, without a path".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Config::command().debug_assert();
    }

    #[test]
    fn a_public_url_has_a_host_and_no_path() {
        assert_eq!(public_url("https://order.example.com/"), Ok("https://order.example.com".to_owned()));
        for bad in ["order.example.com", "https://", "https://a/b", "ftp://a", "https://u@a"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }
}
