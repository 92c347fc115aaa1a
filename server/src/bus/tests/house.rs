//! What the tests share: a restaurant, its servers without their network, and what their screens were shown.

use super::*;

/// How long what has to happen may take on a busy machine.
pub(super) const WITHIN: Duration = Duration::from_secs(60);

pub(super) async fn until(what: &str, done: impl Fn() -> bool) -> Result<Duration> {
    let asked = Instant::now();
    while !done() {
        ensure!(asked.elapsed() < WITHIN, "{what}: not within {WITHIN:?}");
        sleep(Duration::from_millis(2)).await;
    }
    Ok(asked.elapsed())
}

/// The screens of a server: what they were shown.
#[derive(Default)]
pub(super) struct Screens {
    pub(super) shown: Mutex<HashMap<StreamId, Version>>,
    pub(super) holes: Mutex<Vec<String>>,
    pub(super) staff: Mutex<Option<Access>>,
}

impl Screens {
    pub(super) fn version(&self, stream: &StreamId) -> Version {
        lock(&self.shown).get(stream).copied().unwrap_or(0)
    }
}

impl Deliver for Screens {
    fn deliver(&self, _: &VenueId, stream: &StreamId, events: &[Encoded]) {
        for event in events {
            let read: Recorded<serde_json::Value> = serde_json::from_str(event.get()).expect("an event can be read");
            let mut shown = lock(&self.shown);
            let last = shown.entry(stream.clone()).or_insert(read.version.saturating_sub(1));
            if read.version > *last + 1 {
                lock(&self.holes).push(format!("{stream}: {} after {last}", read.version));
            }
            *last = (*last).max(read.version);
        }
    }

    fn access_changed(&self, _: &VenueId, access: &Access) {
        *lock(&self.staff) = Some(access.clone());
    }

    fn house_is_shown(&self, _: &VenueId) -> bool {
        true
    }

    fn is_shown(&self, _: SeatingId) -> bool {
        true
    }
}

/// A server, without its network.
pub(super) struct Server {
    pub(super) service: Arc<Service>,
    pub(super) bus: Arc<Bus>,
    pub(super) screens: Arc<Screens>,
    pub(super) following: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.following.abort();
    }
}

impl Server {
    pub(super) fn start(log: Arc<dyn EventLog>, redis: &str) -> Result<Self> {
        Ok(Self::with(log, redis.parse::<Topology>().map_err(anyhow::Error::msg)?))
    }

    pub(super) fn with(log: Arc<dyn EventLog>, topology: Topology) -> Self {
        let (bus, heard) = Bus::redis(topology);
        Self::on(log, bus, Some(heard))
    }

    pub(super) fn on(log: Arc<dyn EventLog>, bus: Bus, heard: Option<mpsc::Receiver<Heard>>) -> Self {
        let (bus, screens) = (Arc::new(bus), Arc::new(Screens::default()));
        let service = Arc::new(Service::new(log, Arc::clone(&screens) as _, Arc::clone(&bus)));
        let following = tokio::spawn(Arc::clone(&service).follow_peers(heard));
        Self { service, bus, screens, following }
    }

    /// Somebody connects who is shown everything of the venue.
    pub(super) async fn shows(&self, venue: &VenueId) -> Result<()> {
        self.bus.screen_came(venue);
        self.service.floor(venue).await.map_err(said)?;
        self.service.access(venue).await.map_err(said)?;
        self.service.menu(venue).await.map_err(said)?;
        self.listens(1).await
    }

    pub(super) async fn listens(&self, channels: u64) -> Result<()> {
        let (counts, bus) = (self.bus.counts(), &self.bus);
        until("listening", || {
            counts.channels.load(Relaxed) == channels && bus.followed().iter().all(|venue| bus.is_current(venue))
        })
        .await
        .map(drop)
    }

    pub(super) async fn join(&self, venue: &VenueId, table: &TableId) -> Result<(SeatingId, GuestNo)> {
        let newcomer = Newcomer { table: table.clone(), name: None, coming: Coming::default() };
        match self.service.join(venue.clone(), newcomer, MutationId::new(Uuid::new_v4())).await.map_err(said)? {
            (seating, Joined::Guest(guest)) => Ok((seating, guest)),
            (_, Joined::Asks(_)) => bail!("they have to be let in"),
        }
    }

    pub(super) async fn rename(&self, venue: &VenueId, guest: (SeatingId, GuestNo), name: &str) -> Result<Version> {
        self.rename_as(MutationId::new(Uuid::new_v4()), venue, guest, name).await.map_err(said)
    }

    pub(super) async fn rename_as(
        &self,
        mutation: MutationId,
        venue: &VenueId,
        (seating, guest): (SeatingId, GuestNo),
        name: &str,
    ) -> Result<Version, Refusal> {
        let command = GuestsCommand::Rename { name: Some(Name::new(name).expect("it is a name")) }.into();
        self.ask(Sending::first(mutation), venue, (seating, guest), command).await
    }

    /// A guest asks something of their stay.
    pub(super) async fn ask(
        &self,
        sending: Sending,
        venue: &VenueId,
        (seating, guest): (SeatingId, GuestNo),
        command: SeatingCommand,
    ) -> Result<Version, Refusal> {
        self.service.execute(venue.clone(), Actor::Guest(guest), sending, Command::Seating(seating, command)).await
    }

    pub(super) fn published(&self) -> u64 {
        self.bus.counts().published.load(Relaxed)
    }

    pub(super) fn received(&self) -> u64 {
        self.bus.counts().received.load(Relaxed)
    }

    pub(super) fn assert_no_holes(&self) {
        assert_eq!(*lock(&self.screens.holes), Vec::<String>::new());
    }
}

pub(super) fn said(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!("{refusal:?}")
}

/// A restaurant, a Redis, and a log that every server shares.
pub(super) struct House {
    pub(super) log: Arc<MemoryLog>,
    pub(super) venue: VenueId,
    pub(super) tables: Vec<TableId>,
    pub(super) redis: Redis,
    _place: TempDir,
}

impl House {
    pub(super) async fn open() -> Result<Self> {
        let place = tempfile::tempdir()?;
        let redis = Redis::start(place.path())?;
        let log = Arc::new(MemoryLog::new());
        let mut file = venue::demo_file()?;
        file.rules.joining = Joining::Open;
        let tables = file.tables.iter().map(|table| table.id.clone()).collect();
        let bus = Arc::new(Bus::alone());
        let service = Arc::new(Service::new(Arc::clone(&log) as _, Arc::new(Screens::default()), bus));
        let venue = venue::publish(&service, file).await?;
        Ok(Self { log, venue, tables, redis, _place: place })
    }

    pub(super) fn server(&self) -> Result<Server> {
        self.server_on(Arc::clone(&self.log) as _)
    }

    pub(super) fn server_on(&self, log: Arc<dyn EventLog>) -> Result<Server> {
        Server::start(log, &self.redis.url())
    }

    pub(super) fn log_commits(&self) -> u64 {
        self.log.counts().commits
    }

    /// The log, for a test that meddles with it.
    pub(super) fn odd_log(&self) -> Arc<OddLog> {
        OddLog::over(&self.log)
    }
}
