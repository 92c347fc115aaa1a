//! The venues that are served, and how people come in: what is printed at the start.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use domain::{Role, TableId, VenueId};

use crate::config::Serve;
use crate::identity::Hashing;
use crate::links::{self, Links, VenueLinks};
use crate::service::Service;
use crate::venue;

/// Makes the venues what their files say, and tells where each is found.
pub(super) async fn prepare(
    service: &Arc<Service>,
    hashing: &Hashing,
    serve: &Serve,
    is_demo: bool,
    base: String,
) -> anyhow::Result<Links> {
    let mut passwords = BTreeMap::new();
    for file in &serve.venues {
        let venue = venue::publish(service, venue::read_file(file)?).await?;
        if let Some(password) = venue::first_manager(service, hashing, &venue).await? {
            passwords.insert(venue, password);
        }
    }
    if is_demo {
        let (venue, password) = demo(service, hashing, serve).await?;
        passwords.insert(venue, password);
    }
    // A password that was made at an earlier start stays in the file, as long as it opens: there is no other copy.
    let before = serve.links.as_deref().map(links::passwords_in).unwrap_or_default();
    let mut links = Links { base, venues: BTreeMap::new() };
    for venue in service.log().venues().await.context("can't read the log")? {
        let password = match passwords.remove(&venue) {
            Some(made) => Some(made),
            None => match before.get(&venue) {
                Some(password) if venue::is_first_manager_s(service, hashing, &venue, password).await? => Some(password.clone()),
                _ => None,
            },
        };
        let of_venue = VenueLinks::of(service, &venue, &links.base, password).await?;
        links.venues.insert(venue, of_venue);
    }
    if links.venues.is_empty() {
        bail!("there is no venue in {} yet: give its file with --venue, or try `comanda demo`", serve.storage.data.display());
    }
    Ok(links)
}

/// What is printed, for whoever started it.
pub(super) fn invite(links: &Links, serve: &Serve, is_demo: bool) -> anyhow::Result<String> {
    if is_demo { demo_invitation(links, &serve.storage.data) } else { Ok(invitation(links)) }
}

/// Makes the demo restaurant and its staff; tells the password, which is the same at every start.
async fn demo(service: &Arc<Service>, hashing: &Hashing, serve: &Serve) -> anyhow::Result<(VenueId, String)> {
    let mut file = venue::demo_file()?;
    if let Some(joining) = serve.demo_joining {
        file.rules.joining = joining.into();
    }
    let venue = venue::publish(service, file).await?;
    let password = match &serve.demo_password {
        Some(password) => password.clone(),
        None => venue::demo_password(&serve.storage.data)?,
    };
    for (id, name, role) in DEMO_STAFF {
        venue::keep_staff(service, hashing, &venue, id, name, role, &password).await?;
    }
    Ok((venue, password))
}

/// Who works in the demo.
const DEMO_STAFF: [(&str, &str, Role); 3] =
    [("waiter", "Rui", Role::Waiter), ("kitchen", "Kitchen", Role::Kitchen), ("manager", "Marta", Role::Manager)];

/// Where each venue's staff sign in.
fn invitation(links: &Links) -> String {
    let line = |(venue, links): (&VenueId, &VenueLinks)| match &links.password {
        Some(password) => format!("{venue}: {} as manager, password {password}\n", links.sign_in),
        None => format!("{venue}: {}\n", links.sign_in),
    };
    links.venues.iter().map(line).collect()
}

/// What one can do with the demo.
fn demo_invitation(links: &Links, data: &Path) -> anyhow::Result<String> {
    let table: TableId = "t7".parse()?;
    let demo = links.venues.values().find(|venue| venue.password.is_some()).context("the demo has no password")?;
    let guests = demo.tables.get(&table).context("the demo has no table 7")?;
    Ok(format!(
        "\n{code}\n\
         Table 7, for guests   {guests}\n\
         The floor             {floor}\n\
         The kitchen           {kitchen}\n\
         Sign in               waiter, kitchen or manager; password {password}\n\n\
         Open the first link on two phones (or in two private windows), and let the second in: they share one order.\n\
         Phones reach this computer if it is started with --host 0.0.0.0 --public-url http://ADDRESS:PORT\n\
         Ctrl-C stops it; what was ordered is kept in {data}\n",
        code = links::qr(guests)?,
        floor = demo.floor,
        kitchen = demo.kitchen,
        password = demo.password.as_deref().unwrap_or_default(),
        data = data.display(),
    ))
}
