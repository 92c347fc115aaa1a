//! `/metrics`, for Prometheus: what this server does, in figures that name nobody and no venue.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use axum::Extension;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::Health;
use crate::bus::Bus;
use crate::guard::{Client, Connections};
use crate::identity::SignIns;
use crate::live::Delivery;
use crate::service::Service;

/// The format, as Prometheus asks for it.
const OPEN_METRICS: HeaderValue = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// What is told, and to whom.
pub struct Metrics {
    registry: Registry,
    /// What who asks has to bring, if anything.
    token: Option<String>,
}

impl Metrics {
    /// The figures of a server.
    pub fn new(
        service: &Arc<Service>,
        health: &Arc<Health>,
        delivery: &Arc<Delivery>,
        bus: &Arc<Bus>,
        door: (&Arc<Connections>, &Arc<SignIns>),
        token: Option<String>,
    ) -> Self {
        let mut registry = Registry::with_prefix("comanda");
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "What runs here", Info::new(version));
        let stats = service.stats();
        registry.register("commands", "Commands, by how they ended", stats.commands.clone());
        registry.register("command_seconds", "How long commands took, from asked to answered", stats.command_seconds.clone());
        registry.register(
            "gaps_repaired",
            "Streams of which events were missing here and were read from the log, by what noticed it",
            stats.gaps_repaired.clone(),
        );
        if let Some(times) = service.log().times() {
            registry.register("log_write_seconds", "How long transactions took until they were durable", times.write_seconds);
            registry.register("log_batch_commits", "Commits in each transaction", times.batch_commits);
        }
        registry.register_collector(Box::new(Now {
            service: Arc::clone(service),
            health: Arc::clone(health),
            delivery: Arc::clone(delivery),
            bus: Arc::clone(bus),
            connections: Arc::clone(door.0),
            sign_ins: Arc::clone(door.1),
        }));
        // An empty variable is how one says “none”.
        Self { registry, token: token.filter(|token| !token.is_empty()) }
    }

    /// A program on this machine may, and whoever brings the token.
    fn may_ask(&self, client: Option<Client>, headers: &HeaderMap) -> bool {
        if client.is_some_and(|client| client.is_local) {
            return true;
        }
        let Some(token) = &self.token else { return false };
        let brought = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        // Each byte is looked at, so that how long it takes tells nothing.
        brought.is_some_and(|brought| {
            brought.len() == token.len() && brought.bytes().zip(token.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
        })
    }
}

pub(super) async fn tell(State(metrics): State<Arc<Metrics>>, client: Option<Extension<Client>>, headers: HeaderMap) -> Response {
    if !metrics.may_ask(client.map(|Extension(client)| client), &headers) {
        let told = "bring the token of --metrics-token: Authorization: Bearer TOKEN\n";
        return (StatusCode::UNAUTHORIZED, told).into_response();
    }
    let mut told = String::new();
    match text::encode(&mut told, &metrics.registry) {
        Ok(()) => ([(CONTENT_TYPE, OPEN_METRICS)], told).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics can't be told");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What is looked up when somebody asks.
struct Now {
    service: Arc<Service>,
    health: Arc<Health>,
    delivery: Arc<Delivery>,
    bus: Arc<Bus>,
    connections: Arc<Connections>,
    sign_ins: Arc<SignIns>,
}

impl fmt::Debug for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Now")
    }
}

#[derive(EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// Writes one figure after the other.
struct Figures<'a>(DescriptorEncoder<'a>);

impl Figures<'_> {
    fn metric(&mut self, name: &str, help: &str, metric: &impl EncodeMetric) -> fmt::Result {
        metric.encode(self.0.encode_descriptor(name, help, None, metric.metric_type())?)
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        self.metric(name, help, &ConstCounter::new(value))
    }

    fn gauge(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        self.metric(name, help, &ConstGauge::new(value.cast_signed()))
    }

    /// The same figure of several things, told apart by a label.
    fn each<L: EncodeLabelSet, M: EncodeMetric>(&mut self, name: &str, help: &str, values: Vec<(L, M)>) -> fmt::Result {
        let Some((_, first)) = values.first() else { return Ok(()) };
        let mut family = self.0.encode_descriptor(name, help, None, first.metric_type())?;
        for (labels, metric) in &values {
            metric.encode(family.encode_family(labels)?)?;
        }
        Ok(())
    }
}

fn gauges(values: impl IntoIterator<Item = (&'static str, usize)>) -> Vec<(Kind, ConstGauge<i64>)> {
    values.into_iter().map(|(kind, count)| (Kind { kind }, ConstGauge::new(count as i64))).collect()
}

impl Collector for Now {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut figures = Figures(encoder);
        let (log, delivery, bus) = (self.service.log().counts(), self.delivery.counts(), self.bus.counts());

        figures.each("screens", "Screens that are connected", gauges(self.delivery.screens()))?;
        figures.gauge(
            "rooms",
            "Rooms with somebody in them: parties, guests of a venue, houses",
            self.delivery.rooms() as u64,
        )?;
        figures.counter("frames", "Frames sent to screens", delivery.frames.load(Relaxed))?;
        figures.counter("cut_off", "Screens cut off because they were too slow", delivery.cut_off.load(Relaxed))?;
        figures.each("streams_held", "Streams held in memory", gauges(self.service.held_streams()))?;

        let commits =
            [("saved", log.commits), ("conflict", log.conflicts), ("unavailable", log.unavailable), ("malformed", log.malformed)];
        let commits = commits.map(|(outcome, count)| (Outcome { outcome }, ConstCounter::new(count))).into();
        figures.each("log_commits", "Commits, by how they ended", commits)?;
        figures.counter("log_events", "Events that are durable", log.events)?;
        figures.gauge("log_waiting", "Commits that wait for the writer", log.waiting)?;
        figures.gauge("log_up", "Whether the log can be written, as far as is known", u64::from(self.health.log_is_up()))?;

        figures.gauge("bus_configured", "Whether other servers are told by Redis", u64::from(self.bus.has_redis()))?;
        figures.gauge("bus_up", "Whether Redis is connected", u64::from(bus.up.load(Relaxed)))?;
        figures.counter("bus_published", "Messages that Redis has taken: one a commit", bus.published.load(Relaxed))?;
        figures.counter("bus_received", "Messages of other servers", bus.received.load(Relaxed))?;
        figures.counter("bus_dropped", "Messages that were not sent, or not worked on", bus.dropped.load(Relaxed))?;
        figures.counter("bus_lost", "Connections to Redis that ended", bus.lost.load(Relaxed))?;
        figures.gauge("bus_channels", "Venues that are listened to: those with screens here", bus.channels.load(Relaxed))?;

        let counts = self.connections.counts();
        figures.gauge("connections", "Connections that are open", self.connections.count() as u64)?;
        let ended = [("gave_way", counts.gave_way.load(Relaxed)), ("refused", counts.refused.load(Relaxed))];
        let ended = ended.map(|(outcome, count)| (Outcome { outcome }, ConstCounter::new(count))).into();
        figures.each("connections_turned_away", "Connections for which there was no room, or that made it", ended)?;
        let tried = self.sign_ins.counts();
        let tried = [
            ("right", tried.right.load(Relaxed)),
            ("wrong", tried.wrong.load(Relaxed)),
            ("too_many", tried.too_many.load(Relaxed)),
        ];
        let tried = tried.map(|(outcome, count)| (Outcome { outcome }, ConstCounter::new(count))).into();
        figures.each("sign_ins", "Passwords and PINs that were tried, by what became of it", tried)?;

        if let Some(bytes) = resident_bytes() {
            figures.gauge("process_resident_memory_bytes", "Memory that is in use", bytes)?;
        }
        if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
            figures.gauge("process_open_fds", "Files and connections that are open", files.count() as u64)?;
        }
        Ok(())
    }
}

/// How much memory this process has, where the system tells.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?;
    Some(kib.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::net::IpAddr;

    use axum::http::HeaderValue;

    use super::*;
    use crate::guard::Limits;
    use crate::identity::Hashing;
    use crate::log::MemoryLog;

    fn metrics(token: Option<&str>) -> Arc<Metrics> {
        let bus = Arc::new(Bus::alone());
        let delivery = Arc::new(Delivery::new(Arc::clone(&bus)));
        let service = Arc::new(Service::new(Arc::new(MemoryLog::new()), Arc::clone(&delivery) as _, Arc::clone(&bus)));
        let health = Arc::new(Health::new(Arc::clone(&service)));
        let connections = Connections::new(Limits { total: 1, by_address: 1 });
        let sign_ins = Arc::new(SignIns::new(Hashing::start().unwrap()));
        Arc::new(Metrics::new(&service, &health, &delivery, &bus, (&connections, &sign_ins), token.map(ToOwned::to_owned)))
    }

    fn from(address: &str, is_local: bool) -> Option<Extension<Client>> {
        let address: IpAddr = address.parse().unwrap();
        Some(Extension(Client { network: address.into(), is_local }))
    }

    #[tokio::test]
    async fn every_figure_is_told_even_before_anything_has_happened() {
        let answer = tell(State(metrics(None)), from("127.0.0.1", true), HeaderMap::new()).await;
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("it is short");
        let told = String::from_utf8(body.into()).expect("it is text");
        for line in [
            "comanda_commands_total{outcome=\"accepted\"} 0",
            "comanda_gaps_repaired_total{by=\"heads\"} 0",
            "comanda_log_commits_total{outcome=\"saved\"} 0",
            "comanda_screens{kind=\"guest\"} 0",
            "comanda_streams_held{kind=\"menu\"} 0",
            "comanda_log_up 1",
            "comanda_bus_up 0",
            "comanda_sign_ins_total{outcome=\"wrong\"} 0",
            "comanda_connections 0",
        ] {
            assert!(told.lines().any(|told| told == line), "{line} in\n{told}");
        }
        assert!(told.ends_with("# EOF\n"));
    }

    #[tokio::test]
    async fn who_is_not_on_this_machine_brings_the_token_or_is_told_nothing() {
        let with_token = metrics(Some("geheim"));
        let asked = async |metrics: &Arc<Metrics>, client, with: Option<&'static str>| {
            let headers = with.map(|with| (AUTHORIZATION, HeaderValue::from_static(with)));
            tell(State(Arc::clone(metrics)), client, HeaderMap::from_iter(headers)).await.status()
        };
        let stranger = || from("203.0.113.9", false);
        assert_eq!(asked(&with_token, stranger(), Some("Bearer geheim")).await, StatusCode::OK);
        assert_eq!(asked(&with_token, from("127.0.0.1", true), None).await, StatusCode::OK);
        // A client of a proxy on this machine is not on this machine.
        for client in [stranger(), from("127.0.0.1", false), None] {
            for wrong in [None, Some("Bearer geheiM"), Some("Bearer geheim2"), Some("geheim"), Some("Bearer ")] {
                assert_eq!(asked(&with_token, client, wrong).await, StatusCode::UNAUTHORIZED, "{wrong:?}");
                assert_eq!(asked(&metrics(None), client, wrong).await, StatusCode::UNAUTHORIZED, "{wrong:?}");
            }
        }
    }
}
