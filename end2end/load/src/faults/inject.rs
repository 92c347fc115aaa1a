//! Breaking things, and mending them again.

use std::time::Duration;

use anyhow::Result;
use rand::rngs::StdRng;
use rand::seq::index::sample;
use rand::{Rng, SeedableRng};
use tokio::time::sleep;

use super::timeline::{Kind, Planned};
use crate::client::{Disturbance, Screen};
use crate::cluster::Cluster;
use crate::proxy::{Line, Proxy};

/// A slow line: tens of round trips a second, and about as much as a bad phone connection.
const SLOW: Line = Line::Slow { delay: Duration::from_millis(40), bytes_per_second: 128 * 1024 };
/// How many of all screens, in percent, are dropped at once.
const DROPPED_PERCENT: usize = 30;
/// How many of them lose an answer.
const ANSWERS_LOST_PERCENT: usize = 30;
/// How many of them don't read.
const SLOW_READERS_PERCENT: usize = 5;
/// The longest that a server has for a command before its sender is gone.
const LOST_AFTER_AT_MOST_MS: u64 = 300;

/// Breaks something, and mends it after its time. It is over when this returns.
///
/// `seed` says which screens it happens to; tells how many, where it happens to screens.
pub async fn inject<'a>(
    fault: Planned,
    seed: u64,
    cluster: &Cluster,
    screens: impl Iterator<Item = &'a Screen>,
) -> Result<usize> {
    let member = &cluster.members[fault.server];
    let mut rng = StdRng::seed_from_u64(seed);
    let screens: Vec<&Screen> = screens.collect();
    let mut some = |percent: usize, how: &mut dyn FnMut(&mut StdRng) -> Disturbance| {
        let which = sample(&mut rng, screens.len(), (screens.len() * percent).div_ceil(100));
        which.into_iter().filter(|which| screens[*which].disturb(how(&mut rng))).count()
    };
    let mut disturbed = 0;
    match fault.kind {
        Kind::ServerKilled => {
            member.kill().await?;
            sleep(fault.lasts).await;
            member.start().await?;
        }
        Kind::ServerPaused => {
            member.pause().await?;
            sleep(fault.lasts).await;
            member.resume().await?;
        }
        Kind::RedisKilled => {
            cluster.kill_redis().await?;
            sleep(fault.lasts).await;
            cluster.start_redis().await?;
        }
        Kind::RedisPaused => {
            cluster.pause_redis().await?;
            sleep(fault.lasts).await;
            cluster.resume_redis().await?;
        }
        Kind::DatabaseKilled => {
            cluster.kill_database().await?;
            sleep(fault.lasts).await;
            cluster.start_database().await?;
        }
        Kind::DatabaseCut => line(member.to_database()?, Line::Cut, fault.lasts).await,
        Kind::DatabaseSlow => line(member.to_database()?, SLOW, fault.lasts).await,
        Kind::DatabaseHalfOpen => line(member.to_database()?, Line::HalfOpen, fault.lasts).await,
        Kind::RedisCut => line(member.to_redis()?, Line::Cut, fault.lasts).await,
        Kind::RedisSlow => line(member.to_redis()?, SLOW, fault.lasts).await,
        Kind::RedisHalfOpen => line(member.to_redis()?, Line::HalfOpen, fault.lasts).await,
        Kind::ScreensDropped => disturbed = some(DROPPED_PERCENT, &mut |_| Disturbance::Dropped),
        Kind::AnswersLost => {
            let lost = |rng: &mut StdRng| Duration::from_millis(rng.random_range(0..=LOST_AFTER_AT_MOST_MS));
            disturbed = some(ANSWERS_LOST_PERCENT, &mut |rng| Disturbance::NextAnswerLost(lost(rng)));
            // Until they have said something.
            sleep(fault.lasts).await;
        }
        Kind::SlowReaders => {
            disturbed = some(SLOW_READERS_PERCENT, &mut |_| Disturbance::NotReading(fault.lasts));
            sleep(fault.lasts).await;
        }
    }
    Ok(disturbed)
}

async fn line(proxy: &Proxy, line: Line, lasts: Duration) {
    proxy.set(line);
    sleep(lasts).await;
    proxy.set(Line::Good);
}
