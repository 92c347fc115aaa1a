//! Starting and stopping: what goes wrong is told at once and clearly; what goes right loses nothing.

use std::fs;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use load::client::witness::Notice;
use load::client::{Guest, Habits, Witness};
use load::house::{House, Staff};
use load::ledger::Ledger;
use load::process::{Ended, Setup};
use load::scenario::service::{Evening, Plan};
use load::truth::Truth;
use load::venue;
use tempfile::TempDir;
use tokio::time::sleep;

/// What goes wrong is told within this.
const TOLD_WITHIN: Duration = Duration::from_secs(60);
/// How long anything else that has to happen may take.
const WITHIN: Duration = Duration::from_secs(60);

fn a_place() -> Result<TempDir> {
    Ok(TempDir::with_prefix("comanda-start-")?)
}

/// It ended by itself, did not call that a success, and said why.
fn assert_told(ended: &Ended, why: &[&str]) {
    assert_eq!(ended.status.code(), Some(1), "{}", ended.written);
    for words in why {
        assert!(ended.written.contains(words), "“{words}” is not in:\n{}", ended.written);
    }
    assert!(!ended.written.contains("panicked"), "{}", ended.written);
}

#[tokio::test]
async fn a_taken_port_is_told() -> Result<()> {
    let (place, other) = (a_place()?, TcpListener::bind("127.0.0.1:0")?);
    let mut setup = Setup::new("demo", &place.path().join("data"))?;
    setup.port = other.local_addr()?.port();
    let ended = setup.run_to_its_end(TOLD_WITHIN).await?;
    assert_told(&ended, &["is taken by another program", "--port", &setup.port.to_string()]);
    assert!(!setup.data.exists(), "a second start by mistake changes nothing");
    Ok(())
}

#[tokio::test]
async fn a_data_directory_that_can_not_be_written_is_told() -> Result<()> {
    let place = a_place()?;
    let file = place.path().join("file");
    fs::write(&file, "not a directory")?;
    let mut setup = Setup::new("demo", &file.join("data"))?;
    setup.links = place.path().join("links.json");
    let ended = setup.run_to_its_end(TOLD_WITHIN).await?;
    assert_told(&ended, &["can't use the data directory", "--data"]);
    Ok(())
}

#[tokio::test]
async fn a_server_without_a_venue_says_how_to_get_one() -> Result<()> {
    let place = a_place()?;
    let ended = Setup::new("serve", &place.path().join("data"))?.run_to_its_end(TOLD_WITHIN).await?;
    assert_told(&ended, &["there is no venue", "--venue", "comanda demo"]);
    Ok(())
}

#[tokio::test]
async fn a_broken_venue_file_is_told_by_what_is_wrong_in_it() -> Result<()> {
    let place = a_place()?;
    let mut setup = Setup::new("serve", &place.path().join("data"))?;

    let mut priceless = venue::demo()?;
    priceless["catalog"]["categories"][0]["dishes"][0]["price"] = serde_json::json!(-1);
    setup.venue = Some(venue::write(place.path(), &priceless)?);
    assert_told(&setup.run_to_its_end(TOLD_WITHIN).await?, &["venue.json", "pao-azeitonas"]);

    let mut misspelt = venue::demo()?;
    misspelt["catalog"]["categories"][0]["dishes"][0]["alergens"] = serde_json::json!([]);
    setup.venue = Some(venue::write(place.path(), &misspelt)?);
    assert_told(&setup.run_to_its_end(TOLD_WITHIN).await?, &["catalog.categories.0.dishes.0.alergens"]);

    let broken = place.path().join("broken.json");
    fs::write(&broken, "{\n  \"venue\": \"tasca\",\n")?;
    setup.venue = Some(broken);
    assert_told(&setup.run_to_its_end(TOLD_WITHIN).await?, &["broken.json", "line 3"]);

    setup.venue = Some(place.path().join("nowhere.json"));
    assert_told(&setup.run_to_its_end(TOLD_WITHIN).await?, &["nowhere.json"]);
    Ok(())
}

#[tokio::test]
async fn a_second_process_on_the_same_data_is_refused_and_the_first_goes_on() -> Result<()> {
    let house = House::demo().await?;
    let mut second = house.setup.clone();
    second.port = 0;
    second.links = second.links.with_extension("second.json");
    let ended = second.run_to_its_end(TOLD_WITHIN).await?;
    assert_told(&ended, &["in use by another comanda", "Stop that one first"]);

    let table = house.tables()?.into_iter().next().context("the demo has tables")?;
    let pass = house.join(&table, "Ana").await?;
    let guest = Guest::open(pass, Habits::default(), Arc::new(Ledger::default())).await?;
    let pick = guest.picks().into_iter().next().context("the demo has dishes")?;
    guest.add(&pick, 1, None).await?;
    assert_eq!(guest.view().cart.len(), 1);
    Ok(())
}

/// SIGTERM in the middle of load: screens are told to move, what is under way finishes, and the next
/// start finds everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_asked_to_stop_finishes_first() -> Result<()> {
    // Long enough that one glance at the clock tells waiting from working, on a machine of any pace; and no heartbeat,
    // so that every screen is connected when it is told.
    let mut house = House::demo_with(|setup, _| {
        (setup.stop_seconds, setup.heartbeat_seconds) = (120, 300);
        Ok(())
    })
    .await?;
    let ledger = Arc::new(Ledger::default());
    let pace = (Duration::from_millis(5), Duration::from_millis(50));
    let plan = Plan { tables: 4, guests: 2, walk_ins: 0, walls: 1, pace, staff_pace: pace, habits: Habits::default() };
    let evening = Arc::new(Evening::begin(&house.door, plan, &ledger).await?);
    let screens = evening.screens().count();
    let under_way = evening.go_on();
    while ledger.accepted() < 100 {
        sleep(Duration::from_millis(5)).await;
    }

    let (began, stop_within) = (Instant::now(), Duration::from_secs(u64::from(house.setup.stop_seconds)));
    house.stop(stop_within).await?;
    let took = began.elapsed();
    let told = ledger.counts().notices.get(&Notice::ToldToMove).copied().unwrap_or(0);
    println!("{screens} screens: {told} were told to move, and the server had stopped after {took:.1?}");
    assert!(told >= screens, "every screen is told to move: {}", ledger.counts());
    // There is no other server here, so that they knock again; being let in, they would keep it from stopping.
    assert!(took < stop_within / 4, "it waited for screens that it had taken back: {took:?}");

    house.start_again().await?;
    under_way.finish(WITHIN).await?;
    let staff = house.sign_in(Staff::Manager).await?;
    let truth = Truth::read(&staff, &ledger.seatings()).await?;
    assert_eq!(ledger.verify(&truth), [], "{}", ledger.counts());
    evening.all_show(&truth).await?;
    Ok(())
}

/// A screen that does not move does not keep the server from stopping.
#[tokio::test]
async fn a_screen_that_stays_is_let_go() -> Result<()> {
    let mut house = House::demo_with(|setup, _| {
        (setup.stop_seconds, setup.heartbeat_seconds) = (4, 60);
        Ok(())
    })
    .await?;
    let table = house.tables()?.into_iter().next().context("the demo has tables")?;
    let pass = house.join(&table, "Ana").await?;
    // Connected, and never read from again.
    let _stays = load::client::socket::Socket::connect(&pass.route, &pass.cookie, &pass.hello()).await?;
    let began = Instant::now();
    // Its heartbeat would find the screen dead after two minutes.
    house.stop(WITHIN).await?;
    println!("the server had stopped after {:.1?}, of the 4 s that it has", began.elapsed());
    Ok(())
}

#[tokio::test]
async fn a_second_start_finds_everything() -> Result<()> {
    let mut house = House::demo().await?;
    let ledger = Arc::new(Ledger::default());
    let table = house.tables()?.into_iter().next().context("the demo has tables")?;
    let pass = house.join(&table, "Ana").await?;
    let page = house.page_of(&table)?;
    let guest = Guest::open(pass.clone(), Habits::default(), Arc::clone(&ledger) as Arc<dyn Witness>).await?;
    let pick = guest.picks().into_iter().next().context("the demo has dishes")?;
    for n in 1..=5 {
        guest.add(&pick, n, None).await?;
    }
    // An answer may overtake its event.
    guest.screen.until(WITHIN, |held, _| held.pending() == 0).await?;
    let before = guest.view();
    drop(guest);

    house.stop(WITHIN).await?;
    house.start_again().await?;
    assert_eq!(house.page_of(&table)?, page, "the code that is printed on the table still leads there");
    let guest = Guest::open(pass, Habits::default(), Arc::clone(&ledger) as Arc<dyn Witness>).await?;
    assert_eq!(guest.view(), before);
    let truth = Truth::read(&house.sign_in(Staff::Waiter).await?, &ledger.seatings()).await?;
    assert_eq!(ledger.verify(&truth), []);
    Ok(())
}
