//! What stands on a table.

/// Longer labels are names.
const NUMBER_MAX_CHARS: usize = 4;

/// Whether a table's label is a name rather than a number: it is written smaller.
pub fn is_name(label: &str) -> bool {
    label.chars().count() > NUMBER_MAX_CHARS
}
