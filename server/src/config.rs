//! What whoever runs it can choose, by flags or by environment.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::floor::Joining;
use domain::{Name, Role, StaffId, TableId, VenueId};
use ipnet::IpNet;

use crate::bus::Topology;
use crate::guard::address;

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
    /// Say who works in a venue, with which role, password and PIN; also while it is being served
    Staff(Admin<StaffCommand>),
    /// Tell tables' links, and give them new codes; also while it is being served
    Table(Admin<TableCommand>),
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

    /// Where everything is kept
    #[command(flatten)]
    pub storage: Storage,

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

    /// A proxy that stands in front: an address, or a network such as 10.0.0.0/24; may be given several times. Of these,
    /// and of nobody else, X-Forwarded-For is believed: limits by address then count the client's
    #[arg(long = "trusted-proxy", env = "COMANDA_TRUSTED_PROXIES", value_delimiter = ',', value_name = "ADDRESS",
          value_parser = address::proxy)]
    pub trusted_proxies: Vec<IpNet>,

    /// How many connections may be open. By default as many as there may be open files, less what the server needs itself
    #[arg(long, env = "COMANDA_MAX_CONNECTIONS", value_name = "COUNT", value_parser = clap::value_parser!(u32).range(16..))]
    pub max_connections: Option<u32>,

    /// How many of them from one address; a trusted proxy counts as none. Guests in the restaurant's Wi-Fi may all come
    /// from one
    #[arg(long, env = "COMANDA_MAX_CONNECTIONS_PER_ADDRESS", value_name = "COUNT", default_value_t = 1_024,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub max_connections_per_address: u32,

    /// A venue's file, to create the venue or to publish what changed; may be given several times
    #[arg(long = "venue", env = "COMANDA_VENUE", value_delimiter = ',', value_name = "FILE")]
    pub venues: Vec<PathBuf>,

    /// Write every table's link to this file, as JSON that only its owner can read: for printing the
    /// codes, and for tests. Passwords that were made at this start stand in it too.
    #[arg(long, env = "COMANDA_LINKS", value_name = "FILE")]
    pub links: Option<PathBuf>,

    /// Who asks for /metrics from elsewhere has to bring this: `Authorization: Bearer TOKEN`. Programs on this machine
    /// are always answered, and without a token nobody else; the figures name nobody and no venue.
    #[arg(long, env = "COMANDA_METRICS_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub metrics_token: Option<String>,

    /// The password of the demo's staff. By default one is made, and kept in the data directory.
    #[arg(long, env = "COMANDA_DEMO_PASSWORD", hide_env_values = true, value_name = "PASSWORD")]
    pub demo_password: Option<String>,

    /// What it takes to join a party in the demo. By default what its file says
    #[arg(long, env = "COMANDA_DEMO_JOINING", value_enum)]
    pub demo_joining: Option<DemoJoining>,

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

/// Where everything is kept.
#[derive(Debug, Clone, Args)]
pub struct Storage {
    /// The directory that holds everything: the log, and the secret that signs cookies
    #[arg(long, short, global = true, env = "COMANDA_DATA", default_value = "data")]
    pub data: PathBuf,

    /// Keep the log in PostgreSQL, which several servers can share: postgres://user:password@host/database.
    /// By default it is a SQLite file in the data directory, which is one server's alone.
    #[arg(long, global = true, env = "COMANDA_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// Tell the other servers through Redis what happens: redis://, rediss:// (TLS), with user:password@ if needed.
    /// redis+sentinel://host:port,host:port/NAME asks Sentinels for the master NAME, and
    /// redis+cluster://host:port,host:port uses a cluster's sharded channels (rediss+… for TLS).
    /// Without it, servers that share a database hear of each other within two seconds.
    #[arg(long, global = true, env = "COMANDA_REDIS_URL", hide_env_values = true, value_name = "URL", requires = "database_url",
          value_parser = Topology::from_str)]
    pub redis_url: Option<Topology>,

    /// Who vouches for the servers of a rediss:// URL: a certificate authority in PEM. By default, whom the system trusts.
    #[arg(long, global = true, env = "COMANDA_REDIS_CA_FILE", value_name = "FILE", requires = "redis_url")]
    pub redis_ca_file: Option<PathBuf>,
}

/// Looks after an installation, whether it is being served or not.
#[derive(Debug, Clone, Args)]
pub struct Admin<C: Subcommand> {
    /// Where everything is kept
    #[command(flatten)]
    pub storage: Storage,

    /// Which venue; needed where there are several
    #[arg(long, global = true, env = "COMANDA_OF_VENUE", value_name = "ID")]
    pub of: Option<VenueId>,

    /// How people reach this server, for links: https://order.example.com. A server that is running knows
    #[arg(long, global = true, env = "COMANDA_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<String>,

    /// What to do
    #[command(subcommand)]
    pub command: C,
}

/// What can be done about who works somewhere.
#[derive(Debug, Clone, Subcommand)]
pub enum StaffCommand {
    /// Tell who works there
    List,
    /// Let somebody work there
    Add {
        /// As what they sign in: a-z, 0-9 and -
        id: StaffId,
        /// What they are called
        #[arg(long, value_parser = name)]
        name: Name,
        /// What they do
        #[arg(long, value_enum, default_value = "waiter")]
        role: StaffRole,
        /// Read the password from standard input. By default one is made, and told
        #[arg(long)]
        stdin: bool,
    },
    /// Change what somebody is called, or does
    Set {
        /// As what they sign in
        id: StaffId,
        /// What they are called
        #[arg(long, value_parser = name)]
        name: Option<Name>,
        /// What they do
        #[arg(long, value_enum)]
        role: Option<StaffRole>,
    },
    /// End somebody's work there
    Remove {
        /// As what they sign in
        id: StaffId,
    },
    /// Give somebody another password, and sign them out wherever they are
    Password {
        /// As what they sign in
        id: StaffId,
        /// Read it from standard input. By default one is made, and told
        #[arg(long)]
        stdin: bool,
    },
    /// Give somebody another PIN, to take over a device that is signed in
    Pin {
        /// As what they sign in
        id: StaffId,
        /// Read it from standard input. By default one is made, and told
        #[arg(long)]
        stdin: bool,
        /// They are to have none
        #[arg(long, conflicts_with = "stdin")]
        none: bool,
    },
    /// Sign somebody out wherever they are, or everybody
    SignOut {
        /// As what they sign in; nobody named: everybody
        id: Option<StaffId>,
    },
}

/// What can be done about the codes on tables.
#[derive(Debug, Clone, Subcommand)]
pub enum TableCommand {
    /// Tell every table's link
    List,
    /// Give tables new codes: who has kept an old one can't use it any more
    Renew {
        /// Which tables
        #[arg(required_unless_present = "all")]
        tables: Vec<TableId>,
        /// All of them
        #[arg(long, conflicts_with = "tables")]
        all: bool,
    },
}

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StaffRole {
    /// Waits on tables
    Waiter,
    /// Cooks
    Kitchen,
    /// Both
    Allrounder,
    /// Manages
    Manager,
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Waiter => Self::Waiter,
            StaffRole::Kitchen => Self::Kitchen,
            StaffRole::Allrounder => Self::Allrounder,
            StaffRole::Manager => Self::Manager,
        }
    }
}

/// What it takes to join a party in the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DemoJoining {
    /// The table's code is enough
    Open,
    /// Staff open the table; then the code is enough
    StaffOpens,
    /// Somebody who sits there, or the number on their phones
    Approve,
    /// Somebody who works there
    Staff,
}

impl From<DemoJoining> for Joining {
    fn from(joining: DemoJoining) -> Self {
        match joining {
            DemoJoining::Open => Self::Open,
            DemoJoining::StaffOpens => Self::StaffOpens,
            DemoJoining::Approve => Self::Approve,
            DemoJoining::Staff => Self::Staff,
        }
    }
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
    /// Whether all of it goes together.
    pub fn check(&self) -> anyhow::Result<()> {
        let has_secret = self.secret.is_some() || self.secret_file.is_some();
        anyhow::ensure!(
            self.storage.database_url.is_none() || has_secret,
            "servers that share a database (--database-url) need the same secret: give it with --secret-file or COMANDA_SECRET"
        );
        Ok(())
    }

    /// How links start, once it is known where we listen.
    pub fn link_base(&self, listening: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{listening}"))
    }
}

fn name(text: &str) -> Result<Name, String> {
    Name::new(text).map_err(|bad| bad.to_string())
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
