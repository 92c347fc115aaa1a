//! The ways to reach Redis: a password, TLS, Sentinels, a cluster.

use super::*;

/// Two servers that hear each other through this Redis.
async fn hear_each_other(redis: &str, authority: Option<&str>) -> Result<()> {
    let (log, venue) = (Arc::new(MemoryLog::new()), "tasca".parse::<VenueId>()?);
    let start = || {
        let topology = redis.parse::<Topology>().map_err(anyhow::Error::msg)?;
        let topology = authority.map_or(topology.clone(), |pem| topology.vouched_for_by(pem.into()));
        anyhow::Ok(Server::with(Arc::clone(&log) as _, topology))
    };
    let (one, other) = (start()?, start()?);
    other.bus.screen_came(&venue);
    other.listens(1).await?;
    until("up", || one.bus.counts().up.load(Relaxed)).await?;
    one.bus.publish(&venue, &[Told { stream: StreamId::Menu(venue.clone()), head: 1, events: Vec::new() }]);
    until("it is heard", || other.received() == 1).await?;
    assert_eq!(one.received(), 0);
    one.bus.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_can_ask_for_a_password() -> Result<()> {
    let place = tempfile::tempdir()?;
    let redis = Redis::start_with(place.path(), services::free_port()?, &["--requirepass", "geheim"])?;
    hear_each_other(&format!("redis://:geheim@127.0.0.1:{}", redis.port()), None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_can_be_behind_tls() -> Result<()> {
    // Another test may have chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let place = tempfile::tempdir()?;
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()])?;
    let (certificate, key) = (place.path().join("redis.crt"), place.path().join("redis.key"));
    std::fs::write(&certificate, made.cert.pem())?;
    std::fs::write(&key, made.signing_key.serialize_pem())?;
    let redis = Redis::start_tls(place.path(), &certificate, &key)?;
    hear_each_other(&format!("rediss://localhost:{}", redis.port()), Some(&made.cert.pem())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinels_tell_where_redis_is() -> Result<()> {
    let place = tempfile::tempdir()?;
    let redis = Redis::start(&place.path().join("redis"))?;
    let sentinel = Redis::start_sentinel(&place.path().join("sentinel"), "tasca", &redis)?;
    hear_each_other(&format!("redis+sentinel://127.0.0.1:{}/tasca", sentinel.port()), None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_master_dies_the_next_is_asked_of_the_sentinels() -> Result<()> {
    let place = tempfile::tempdir()?;
    let mut master = Redis::start(&place.path().join("master"))?;
    let follows = ["--replicaof", "127.0.0.1", &master.port().to_string()];
    let replica = Redis::start_with(&place.path().join("replica"), services::free_port()?, &follows)?;
    let sentinel = Redis::start_sentinel(&place.path().join("sentinel"), "tasca", &master)?;
    let mut asked = redis::Client::open(sentinel.url())?.get_multiplexed_async_connection().await?;
    let began = Instant::now();
    loop {
        // It hears of the replica from the master, by and by.
        let told: redis::Value = redis::cmd("SENTINEL").arg("REPLICAS").arg("tasca").query_async(&mut asked).await?;
        let told = format!("{told:?}");
        if told.contains(&replica.port().to_string()) && told.contains("master-link-status") && !told.contains("s_down") {
            break;
        }
        ensure!(began.elapsed() < WITHIN, "the Sentinel knows the replica: {told}");
        sleep(Duration::from_millis(100)).await;
    }
    let (log, venue) = (Arc::new(MemoryLog::new()), "tasca".parse::<VenueId>()?);
    let url = format!("redis+sentinel://127.0.0.1:{}/tasca", sentinel.port());
    let (one, other) = (Server::start(Arc::clone(&log) as _, &url)?, Server::start(log, &url)?);
    other.bus.screen_came(&venue);
    other.listens(1).await?;
    until("up", || one.bus.counts().up.load(Relaxed)).await?;
    let lost = |server: &Server| server.bus.counts().lost.load(Relaxed);
    let before = [lost(&one), lost(&other)];
    master.kill()?;
    // By count: the next one may be there before we look.
    until("it is noticed", || lost(&one) > before[0] && lost(&other) > before[1]).await?;
    // Nobody brings the old one back. What is told while others still look for the next is lost, so it is told again.
    until("it is heard", || {
        one.bus.publish(&venue, &[Told { stream: StreamId::Menu(venue.clone()), head: 1, events: Vec::new() }]);
        other.received() > 0
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_carries_each_venue_on_a_channel_of_one_shard() -> Result<()> {
    let place = tempfile::tempdir()?;
    let redis = Redis::start_with(place.path(), services::free_port()?, &["--cluster-enabled", "yes"])?;
    let mut connection = redis::Client::open(redis.url())?.get_multiplexed_async_connection().await?;
    redis::cmd("CLUSTER").arg("ADDSLOTSRANGE").arg(0).arg(16_383).exec_async(&mut connection).await?;
    let ready = async || -> Result<bool> {
        let told: String = redis::cmd("CLUSTER").arg("INFO").query_async(&mut connection.clone()).await?;
        Ok(told.contains("cluster_state:ok"))
    };
    let asked = Instant::now();
    while !ready().await? {
        ensure!(asked.elapsed() < WITHIN, "the cluster is not ready");
        sleep(Duration::from_millis(20)).await;
    }
    hear_each_other(&format!("redis+cluster://127.0.0.1:{}", redis.port()), None).await
}
