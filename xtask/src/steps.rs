//! The steps of a longer job, told as they begin: which of how many, what it is, and how long it took the last time.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::{shell, workspace::Workspace};

/// A step that is sooner done is not worth a word.
const WORTH_TELLING: Duration = Duration::from_secs(2);

/// Numbered steps of a job: `[2/5] Compiling the page (2 min 5 s the last time)`.
pub(crate) struct Steps {
    job: &'static str,
    at: usize,
    of: usize,
    /// Seconds, by job and step, of the last time. A file that is lost or broken costs nothing but these words.
    took: BTreeMap<String, f64>,
    kept_in: PathBuf,
    now: Option<(String, Instant)>,
}

impl Steps {
    /// A job of so many steps. Jobs that do more in a step than others are told apart by their name.
    pub(crate) fn new(workspace: &Workspace, job: &'static str, of: usize) -> Self {
        let kept_in = workspace.own().join("steps.json");
        let took = fs::read_to_string(&kept_in).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Self { job, at: 0, of, took, kept_in, now: None }
    }

    /// Tells that the next step begins. `usually` is how long it takes the first time, on two cores: what is told where
    /// nothing is known yet.
    pub(crate) fn next(&mut self, what: &str, usually: Duration) {
        self.end();
        self.at += 1;
        let key = format!("{}: {what}", self.job);
        let long = match self.took.get(&key).and_then(|seconds| Duration::try_from_secs_f64(*seconds).ok()) {
            Some(took) if took >= WORTH_TELLING => format!(" ({} the last time)", shell::spoken(took)),
            Some(_) => String::new(),
            None if usually >= WORTH_TELLING => format!(" (the first time some {})", shell::spoken(usually)),
            None => String::new(),
        };
        println!("{}{long}", shell::bold(&format!("[{}/{}] {what}", self.at, self.of)));
        self.now = Some((key, Instant::now()));
    }

    /// Tells how long the step took that has ended, and remembers it.
    fn end(&mut self) {
        let Some((key, since)) = self.now.take() else { return };
        let took = since.elapsed();
        if took >= WORTH_TELLING {
            shell::note(&format!("took {}", shell::spoken(took)));
        }
        self.took.insert(key, took.as_secs_f64());
    }

    /// The job is done: what its steps took is kept for the next time.
    pub(crate) fn done(mut self) {
        self.end();
        let kept = serde_json::to_string_pretty(&self.took).map(|text| fs::write(&self.kept_in, text));
        if !matches!(kept, Ok(Ok(()))) {
            shell::note(&format!("{} can't be written: the next time tells no times", self.kept_in.display()));
        }
    }
}
