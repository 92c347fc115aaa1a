//! Each server starts, survives being killed, and goes when it is dropped.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::Result;
use services::{Haproxy, Piece as _, Postgres, Redis, free_port};

fn a_place() -> Result<tempfile::TempDir> {
    let place = tempfile::tempdir()?;
    // PostgreSQL may be somebody else.
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o711))?;
    Ok(place)
}

fn accepts(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

#[test]
fn postgres_is_killed_and_started_again() -> Result<()> {
    let place = a_place()?;
    let mut postgres = Postgres::start(&place.path().join("postgres"))?;
    assert!(accepts(postgres.port()));
    postgres.kill()?;
    assert!(!accepts(postgres.port()));
    postgres.start_again()?;
    postgres.stop()?;
    postgres.start_again()?;
    let port = postgres.port();
    drop(postgres);
    assert!(!accepts(port));
    Ok(())
}

#[test]
fn redis_is_killed_and_started_again() -> Result<()> {
    let place = a_place()?;
    let mut redis = Redis::start_with(place.path(), free_port()?, &["--requirepass", "secret"])?;
    redis.kill()?;
    assert!(!accepts(redis.port()));
    redis.start_again()?;
    redis.pause()?;
    redis.resume()?;
    let port = redis.port();
    drop(redis);
    assert!(!accepts(port));
    Ok(())
}

/// Set for the process that is killed: the directory it keeps its server in.
const KILLED: &str = "COMANDA_TEST_IS_KILLED";

#[test]
fn what_a_process_started_goes_when_that_is_killed() -> Result<()> {
    if let Some(place) = std::env::var_os(KILLED) {
        let redis = Redis::start_with(place.as_ref(), free_port()?, &[])?;
        println!("\nport {}", redis.port());
        loop {
            sleep(Duration::from_secs(60));
        }
    }
    let place = a_place()?;
    let mut this = Command::new(std::env::current_exe()?);
    this.args(["--exact", "what_a_process_started_goes_when_that_is_killed", "--nocapture"]).env(KILLED, place.path());
    let mut killed = this.stdout(Stdio::piped()).spawn()?;
    let told = BufReader::new(killed.stdout.take().expect("it is piped"));
    let port = told.lines().map_while(Result::ok).find_map(|line| line.strip_prefix("port ")?.parse().ok());
    let served = port.is_some_and(accepts);
    killed.kill()?;
    killed.wait()?;
    assert!(served, "it has not started a server");
    let asked = Instant::now();
    while port.is_some_and(accepts) {
        assert!(asked.elapsed() < Duration::from_secs(20), "its server is still there");
        sleep(Duration::from_millis(10));
    }
    Ok(())
}

#[test]
fn haproxy_tells_what_is_wrong_with_its_configuration() -> Result<()> {
    let place = a_place()?;
    let refused = Haproxy::start(place.path(), "nonsense\n", free_port()?).expect_err("it can't be understood");
    assert!(format!("{refused:#}").contains("nonsense"), "{refused:#}");
    let port = free_port()?;
    let config = format!(
        "defaults\n mode http\n timeout client 5s\n timeout server 5s\n timeout connect 5s\nfrontend f\n bind 127.0.0.1:{port}\n http-request return status 200\n"
    );
    let haproxy = Haproxy::start(place.path(), &config, port)?;
    assert!(accepts(haproxy.port()));
    drop(haproxy);
    assert!(!accepts(port));
    Ok(())
}

#[test]
fn a_port_of_somebody_else_is_not_taken_for_ours() -> Result<()> {
    let place = a_place()?;
    let others = TcpListener::bind(("127.0.0.1", 0))?;
    let port = others.local_addr()?.port();
    for refused in [Redis::start_with(place.path(), port, &[]).err(), Haproxy::start(place.path(), "", port).err()] {
        let told = format!("{:#}", refused.expect("the port is taken"));
        assert!(told.contains(&format!("port {port} is taken")), "{told}");
    }
    Ok(())
}

#[test]
fn what_ends_by_itself_is_noticed_and_started_again() -> Result<()> {
    let place = a_place()?;
    let mut redis = Redis::start(place.path())?;
    assert!(redis.ended()?.is_none());
    let killed = Command::new("kill").args(["-KILL", &redis.pid().expect("it runs").to_string()]).status()?;
    assert!(killed.success());
    while redis.ended()?.is_none() {
        sleep(Duration::from_millis(5));
    }
    redis.start_again()?;
    assert!(accepts(redis.port()));
    Ok(())
}

#[test]
fn a_cluster_that_was_left_unfinished_is_made_anew() -> Result<()> {
    let place = a_place()?;
    let dir = place.path().join("postgres");
    fs::create_dir_all(dir.join("cluster.unfinished"))?;
    fs::write(dir.join("cluster.unfinished/PG_VERSION"), "15\n")?;
    Postgres::start(&dir)?.stop()
}
