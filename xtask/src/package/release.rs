//! Which release a package is of: the version in Cargo.toml, and the day that CHANGELOG.md gives it.

use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// A version and its time.
pub(crate) struct Release {
    /// `0.2.0`; xtask has the version of the workspace.
    pub(crate) version: &'static str,
    /// What every file of the package is dated, in seconds since 1970.
    pub(crate) time: u64,
}

impl Release {
    /// The release that CHANGELOG.md tells of, dated as SOURCE_DATE_EPOCH says or else on the day that stands there: so a
    /// package does not depend on when it is made, nor on git being there. Fails where CHANGELOG.md has nothing to tell.
    pub(crate) fn of(workspace: &Workspace) -> Result<Self> {
        let version = env!("CARGO_PKG_VERSION");
        let changes = fs::read_to_string(workspace.root.join("CHANGELOG.md")).context("cannot read CHANGELOG.md")?;
        let day = day_of(&changes, version).with_context(|| {
            format!("CHANGELOG.md has no `## [{version}] - YYYY-MM-DD`: say there what an operator must know of this release")
        })?;
        let time = match env::var("SOURCE_DATE_EPOCH") {
            Ok(seconds) => seconds.parse().with_context(|| format!("SOURCE_DATE_EPOCH is no number of seconds: {seconds}"))?,
            Err(env::VarError::NotPresent) => day * 86_400,
            Err(odd) => bail!("SOURCE_DATE_EPOCH: {odd}"),
        };
        Ok(Self { version, time })
    }
}

/// Days from 1970 to the date in a version's heading.
fn day_of(changes: &str, version: &str) -> Option<u64> {
    let heading = format!("## [{version}] - ");
    let date = changes.lines().find_map(|line| line.strip_prefix(&heading))?;
    let mut parts = date.trim().split('-').map(|part| part.parse::<u64>().ok());
    let (Some(Some(year @ 1970..=9999)), Some(Some(month @ 1..=12)), Some(Some(day @ 1..=31)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    Some(days_from_1970(year, month, day))
}

/// Of the Gregorian calendar, with years that begin in March, so that a leap day is a year's last
/// (<https://howardhinnant.github.io/date_algorithms.html#days_from_civil>).
fn days_from_1970(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_leap_years() {
        let known = [((1970, 1, 1), 0), ((1972, 3, 1), 790), ((2000, 2, 29), 11_016), ((2026, 11, 27), 20_784)];
        for ((year, month, day), days) in known {
            assert_eq!(days_from_1970(year, month, day), days, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn a_release_without_a_dated_heading_is_none() {
        let changes = "# Changes\n\n## [Unreleased]\n\n## [0.2.0] - 1970-01-03\n\n## [0.1.0] - soon\n";
        assert_eq!(day_of(changes, "0.2.0"), Some(2));
        assert_eq!(day_of(changes, "0.1.0"), None);
        assert_eq!(day_of(changes, "0.3.0"), None);
    }
}
