//! What whoever runs an installation can ask, of a server that is running and of none.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::bus::Bus;
use crate::identity::hashing::Asker;
use crate::live::Delivery;
use crate::log::MemoryLog;
use crate::venue;

async fn admin() -> Admin {
    let bus = Arc::new(Bus::alone());
    let delivery = Arc::new(Delivery::new(Arc::clone(&bus)));
    let service = Arc::new(Service::new(Arc::new(MemoryLog::new()), delivery, bus));
    let venue = venue::publish(&service, venue::demo_file().unwrap()).await.unwrap();
    let hashing = Hashing::start().unwrap();
    venue::first_manager(&service, &hashing, &venue).await.unwrap();
    Admin { service, hashing, base: Some("https://order.example.com".to_owned()) }
}

async fn told(admin: &Admin, order: Order) -> Result<String, String> {
    admin.carry_out(Request { venue: None, order }).await.map_err(|error| format!("{error:#}"))
}

fn id(text: &str) -> StaffId {
    text.parse().unwrap()
}

#[tokio::test]
async fn somebody_comes_is_changed_forgets_their_password_and_goes() {
    let admin = admin().await;
    let add = |password: Option<&str>| Order::AddStaff {
        id: id("ana"),
        name: Name::new("Ana").unwrap(),
        role: Role::Waiter,
        password: password.map(str::to_owned),
    };
    assert!(told(&admin, add(Some("short"))).await.unwrap_err().contains("8 to 200"));
    let said = told(&admin, add(None)).await.unwrap();
    let password = said.trim().rsplit(' ').next().unwrap().to_owned();
    assert!(told(&admin, add(None)).await.is_err(), "there is one already");
    let opens = async |password: String| {
        let access = admin.service.access(&"tasca".parse().unwrap()).await.unwrap().state;
        admin
            .hashing
            .opens(&"tasca".parse().unwrap(), password, Some(access.staff[&id("ana")].password.clone()), Asker::Known)
            .await
            .unwrap()
    };
    assert!(opens(password.clone()).await, "{said}");
    told(&admin, Order::SetPassword { id: id("ana"), password: Some("another one".to_owned()) }).await.unwrap();
    assert!(!opens(password).await && opens("another one".to_owned()).await);
    told(&admin, Order::ChangeStaff { id: id("ana"), name: None, role: Some(Role::Allrounder) }).await.unwrap();
    assert!(told(&admin, Order::SetPin { id: id("ana"), pin: None }).await.unwrap().contains("PIN; it is "));
    assert!(told(&admin, Order::SetPin { id: id("nobody"), pin: None }).await.is_err());
    let list = told(&admin, Order::ListStaff).await.unwrap();
    assert!(list.lines().any(|line| line.split_whitespace().eq(["ana", "Ana", "allrounder", "PIN", "0"])), "{list}");
    assert!(!list.contains("argon2"));
    told(&admin, Order::RemovePin { id: id("ana") }).await.unwrap();
    told(&admin, Order::SignOut { id: None }).await.unwrap();
    told(&admin, Order::RemoveStaff { id: id("ana") }).await.unwrap();
    assert!(!told(&admin, Order::ListStaff).await.unwrap().lines().any(|line| line.starts_with("ana ")));
    assert!(told(&admin, Order::RemoveStaff { id: id("manager") }).await.is_err(), "nobody would be left");
}

#[tokio::test]
async fn a_new_code_ends_the_old_one() {
    let admin = admin().await;
    let link = |list: &str, table: &str| {
        let line = list.lines().find(|line| line.starts_with(&format!("{table} "))).unwrap();
        line.rsplit(' ').next().unwrap().to_owned()
    };
    let before = told(&admin, Order::ListTables).await.unwrap();
    assert!(link(&before, "t7").starts_with("https://order.example.com/t/tasca/"), "{before}");
    let renewed = told(&admin, Order::RenewTables { tables: vec!["t7".parse().unwrap()] }).await.unwrap();
    assert_eq!(renewed.lines().count(), 2, "{renewed}");
    let after = told(&admin, Order::ListTables).await.unwrap();
    assert_ne!(link(&after, "t7"), link(&before, "t7"));
    assert_eq!(link(&after, "t1"), link(&before, "t1"));
    assert!(told(&admin, Order::RenewTables { tables: vec!["t99".parse().unwrap()] }).await.is_err());
    told(&admin, Order::RenewTables { tables: Vec::new() }).await.unwrap();
    assert_ne!(link(&told(&admin, Order::ListTables).await.unwrap(), "t1"), link(&before, "t1"));
}

#[tokio::test]
async fn a_venue_that_is_not_there_is_told() {
    let admin = admin().await;
    let request = Request { venue: Some("cantina".parse().unwrap()), order: Order::ListStaff };
    let error = admin.carry_out(request).await.unwrap_err().to_string();
    assert_eq!(error, "there is no venue cantina; there is tasca");
}

#[cfg(unix)]
#[tokio::test]
async fn a_running_server_is_asked_by_a_socket_that_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    crate::files::keep_to_ourselves();
    let dir = tempfile::tempdir().unwrap();
    let list = || Request { venue: None, order: Order::ListStaff };
    assert_eq!(control::ask(dir.path(), &list()).await.unwrap(), None, "nobody is there");
    let listening = control::listen(dir.path(), admin().await).unwrap();
    let socket = dir.path().join("comanda.sock");
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o077, 0);
    assert!(control::ask(dir.path(), &list()).await.unwrap().unwrap().contains("manager"));
    let wrong = Request { venue: None, order: Order::RemoveStaff { id: id("nobody") } };
    assert!(control::ask(dir.path(), &wrong).await.unwrap_err().to_string().contains("no"));
    drop(listening);
    assert!(!socket.exists());
    // A server that was killed leaves one behind; the next takes its place.
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    assert_eq!(control::ask(dir.path(), &list()).await.unwrap(), None);
    let _listening = control::listen(dir.path(), admin().await).unwrap();
    assert!(control::ask(dir.path(), &list()).await.unwrap().is_some());
}
