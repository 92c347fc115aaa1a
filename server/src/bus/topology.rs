//! Where Redis is, and how it is reached: one server, the master that Sentinels name, or a cluster.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use futures::future::try_join_all;
use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::cluster::{ClusterClient, ClusterClientBuilder};
use redis::cluster_async::ClusterConnection;
use redis::io::tcp::TcpSettings;
use redis::sentinel::{SentinelClientBuilder, SentinelServerType};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, ProtocolVersion, PushInfo,
    RedisError, RedisResult, TlsCertificates, TlsMode, cmd, pipe,
};
use tokio::time::timeout;

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long Redis may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// Where Redis is. What it prints has no password in it.
#[derive(Clone)]
pub struct Topology {
    kind: Kind,
    /// How to reach each of its servers: TLS, credentials, settings.
    nodes: Vec<ConnectionInfo>,
    /// Who vouches for its servers under TLS, in PEM; without it, whom the system trusts.
    authority: Option<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// One server.
    Single,
    /// The master of that name, as Sentinels know it.
    Sentinel(String),
    /// A cluster, whose channels are sharded.
    Cluster,
}

impl FromStr for Topology {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").ok_or("it has to start with redis:// or rediss://")?;
        let (base, kind) = scheme.split_once('+').unwrap_or((scheme, ""));
        if !matches!(base, "redis" | "rediss") {
            return Err("it has to start with redis:// or rediss://".to_owned());
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, hosts) = authority.rsplit_once('@').map_or(("", authority), |(who, hosts)| (who, hosts));
        let at = if credentials.is_empty() { "" } else { "@" };
        let (kind, db) = match kind {
            "" => (Kind::Single, path),
            "sentinel" => match path.split_once('/').unwrap_or((path, "")) {
                ("", _) => return Err("after the Sentinels' addresses it needs the master's name: /NAME".to_owned()),
                (name, db) => (Kind::Sentinel(name.to_owned()), db),
            },
            "cluster" if path.is_empty() => (Kind::Cluster, ""),
            "cluster" => return Err("a cluster has no databases: nothing can follow its addresses".to_owned()),
            _ => return Err("it can be redis+sentinel:// or redis+cluster://, and nothing else".to_owned()),
        };
        if kind == Kind::Single && hosts.contains(',') {
            return Err("several addresses need redis+sentinel:// or redis+cluster://".to_owned());
        }
        let nodes =
            hosts.split(',').map(|host| node(&format!("{base}://{credentials}{at}{host}/{db}"))).collect::<Result<_, _>>()?;
        Ok(Self { kind, nodes, authority: None })
    }
}

fn node(url: &str) -> Result<ConnectionInfo, String> {
    // What the library says of a URL may repeat it, with its password.
    let info = url.into_connection_info().map_err(|_| "an address can't be read: host:port is needed".to_owned())?;
    let redis = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Ok(info.set_redis_settings(redis).set_tcp_settings(settings()))
}

/// The library leaves Nagle's algorithm on, which holds small messages back for tens of milliseconds.
fn settings() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}

impl fmt::Display for Topology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses: Vec<String> = self.nodes.iter().map(|node| node.addr().to_string()).collect();
        let addresses = addresses.join(", ");
        match &self.kind {
            Kind::Single => write!(f, "Redis at {addresses}"),
            Kind::Sentinel(name) => write!(f, "the Redis that the Sentinels at {addresses} call {name}"),
            Kind::Cluster => write!(f, "the Redis cluster at {addresses}"),
        }
    }
}

impl fmt::Debug for Topology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Topology({self})")
    }
}

/// A connection to Redis, on which messages are published and heard.
#[derive(Clone)]
pub(super) enum Connection {
    /// To one server.
    One(MultiplexedConnection),
    /// To the servers of a cluster.
    Cluster(ClusterConnection),
}

impl Topology {
    /// The same, where this certificate authority (PEM) vouches for the servers.
    #[must_use]
    pub fn vouched_for_by(mut self, authority: Vec<u8>) -> Self {
        self.authority = Some(authority);
        self
    }

    /// The number of the database. Channels are not kept apart by it in Redis, so their names are.
    pub(super) fn db(&self) -> i64 {
        self.nodes.first().map_or(0, |node| node.redis_settings().db())
    }

    /// Connects; what is heard goes to `heard`, which must not block.
    pub(super) async fn connect(&self, heard: impl Fn(PushInfo) + Send + Sync + 'static) -> RedisResult<Connection> {
        let connecting = self.connect_now(heard);
        let slow = || RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
        // Looking a name up, asking Sentinels: not all of it has a limit of its own.
        timeout(2 * CONNECT_TIMEOUT, connecting).await.map_err(|_| slow())?
    }

    async fn connect_now(&self, heard: impl Fn(PushInfo) + Send + Sync + 'static) -> RedisResult<Connection> {
        let heard = move |push| -> Result<(), RedisError> {
            heard(push);
            Ok(())
        };
        let client = match &self.kind {
            Kind::Single => match self.certificates() {
                Some(certificates) => Client::build_with_tls(self.nodes[0].clone(), certificates)?,
                None => Client::open(self.nodes[0].clone())?,
            },
            Kind::Sentinel(name) => self.master(name).await?,
            Kind::Cluster => {
                let connection = self.cluster().push_sender(heard).build()?.get_async_connection().await?;
                return Ok(Connection::Cluster(connection));
            }
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(ANSWER_TIMEOUT))
            .set_push_sender(heard);
        Ok(Connection::One(client.get_multiplexed_async_connection_with_config(&config).await?))
    }

    async fn master(&self, name: &str) -> RedisResult<Client> {
        let addresses = self.nodes.iter().map(|node| node.addr().clone());
        let redis = self.nodes[0].redis_settings();
        let mut builder = SentinelClientBuilder::new(addresses, name, SentinelServerType::Master)?
            .set_client_to_redis_db(redis.db())
            .set_client_to_redis_protocol(ProtocolVersion::RESP3)
            .set_client_to_redis_tcp_settings(settings())
            .set_client_to_sentinel_tcp_settings(settings());
        if matches!(self.nodes[0].addr(), ConnectionAddr::TcpTls { .. }) {
            builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure).set_client_to_sentinel_tls_mode(TlsMode::Secure);
        }
        if let Some(certificates) = self.certificates() {
            builder =
                builder.set_client_to_redis_certificates(certificates.clone()).set_client_to_sentinel_certificates(certificates);
        }
        // The credentials are the Redis servers'. A Sentinel without a password would refuse them.
        if let Some(password) = redis.password() {
            builder = builder.set_client_to_redis_password(password);
        }
        if let Some(username) = redis.username() {
            builder = builder.set_client_to_redis_username(username);
        }
        builder.build()?.async_get_client().await
    }

    fn certificates(&self) -> Option<TlsCertificates> {
        let is_tls = matches!(self.nodes[0].addr(), ConnectionAddr::TcpTls { .. });
        let root_cert = self.authority.clone().filter(|_| is_tls)?;
        Some(TlsCertificates { client_tls: None, root_cert: Some(root_cert) })
    }

    fn cluster(&self) -> ClusterClientBuilder {
        let builder = ClusterClient::builder(self.nodes.clone());
        let builder = match self.certificates() {
            Some(certificates) => builder.certs(certificates),
            None => builder,
        };
        builder
            .use_protocol(ProtocolVersion::RESP3)
            .tcp_settings(settings())
            .connection_timeout(CONNECT_TIMEOUT)
            .response_timeout(ANSWER_TIMEOUT)
            .overall_response_timeout(Some(2 * ANSWER_TIMEOUT))
    }
}

impl Connection {
    /// Listens to these channels, from when it returns.
    pub(super) async fn listen(&mut self, channels: &[String]) -> RedisResult<()> {
        match self {
            Self::One(one) => one.subscribe(channels).await,
            // Channels of different slots can't be named together.
            Self::Cluster(cluster) => {
                for channel in channels {
                    cluster.ssubscribe(channel).await?;
                }
                Ok(())
            }
        }
    }

    /// Listens to these channels no more.
    pub(super) async fn leave(&mut self, channels: &[String]) -> RedisResult<()> {
        match self {
            Self::One(one) => one.unsubscribe(channels).await,
            Self::Cluster(cluster) => {
                for channel in channels {
                    cluster.sunsubscribe(channel).await?;
                }
                Ok(())
            }
        }
    }

    /// Publishes messages, each on its channel: one after the other without waiting in between.
    pub(super) async fn publish(&mut self, messages: &[(String, Vec<u8>)]) -> RedisResult<()> {
        match self {
            Self::One(one) => {
                let mut pipeline = pipe();
                for (channel, message) in messages {
                    pipeline.cmd("PUBLISH").arg(channel).arg(message).ignore();
                }
                pipeline.query_async(one).await
            }
            Self::Cluster(cluster) => {
                let each = messages.iter().map(|(channel, message)| {
                    let mut connection = cluster.clone();
                    async move { cmd("SPUBLISH").arg(channel).arg(message).exec_async(&mut connection).await }
                });
                try_join_all(each).await.map(|_| ())
            }
        }
    }

    /// Whether it answers.
    pub(super) async fn ping(&mut self) -> RedisResult<()> {
        let ping = cmd("PING");
        match self {
            Self::One(one) => ask(&ping, one).await,
            Self::Cluster(cluster) => ask(&ping, cluster).await,
        }
    }
}

async fn ask(command: &Cmd, connection: &mut impl ConnectionLike) -> RedisResult<()> {
    command.exec_async(connection).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<String, String> {
        url.parse::<Topology>().map(|topology| topology.to_string())
    }

    #[test]
    fn each_kind_of_redis_can_be_named() {
        let told = |url| read(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(told("redis://127.0.0.1:7000"), "Redis at 127.0.0.1:7000");
        assert_eq!(told("rediss://ana:pw@cache/2"), "Redis at cache:6379");
        assert_eq!(told("redis+sentinel://:pw@a:1,b:2/tasca/3"), "the Redis that the Sentinels at a:1, b:2 call tasca");
        assert_eq!(told("rediss+cluster://a:1,b:2"), "the Redis cluster at a:1, b:2");
    }

    #[test]
    fn what_is_no_redis_is_refused_without_repeating_the_password() {
        let bad = [
            "localhost",
            "http://a",
            "redis://:geheim@a:x",
            "redis://:geheim@a:1,b:2",
            "redis+sentinel://:geheim@a:1",
            "redis+cluster://:geheim@a:1/3",
            "redis+magic://:geheim@a",
        ];
        for url in bad {
            let Err(error) = read(url) else { panic!("{url} was taken") };
            assert!(!error.contains("geheim"), "{error}");
        }
        let good: Topology = "redis://ana:geheim@a:1/2".parse().unwrap_or_else(|error| panic!("{error}"));
        assert!(!format!("{good:?} {good}").contains("geheim"));
        assert_eq!(good.db(), 2);
        let redis = good.nodes[0].redis_settings();
        assert_eq!((redis.username(), redis.password()), (Some("ana"), Some("geheim")));
    }
}
