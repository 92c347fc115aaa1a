//! What is written is read back as it was.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Writes it, and panics unless that is read back as the very same. Returns what was written.
pub(crate) fn reads_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> String {
    let text = write(value);
    assert_eq!(&read::<T>(&text), value, "read back as something else: {text}");
    text
}

/// The same for what can't be compared: it is written again as it was.
pub(crate) fn writes_back<T: Serialize + DeserializeOwned>(value: &T) -> String {
    let text = write(value);
    assert_eq!(write(&read::<T>(&text)), text, "written again as something else");
    text
}

/// The value as JSON.
pub(crate) fn write<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| panic!("it can't be written: {error}"))
}

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("what was written can't be read: {error}: {text}"))
}
