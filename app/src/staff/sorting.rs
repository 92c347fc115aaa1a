//! Sorting by a number. Each type that is sorted by itself is some kilobytes of code to download.

/// The things by their numbers, smallest first; who is equal keeps its place.
pub fn in_order<T>(things: Vec<T>, number: impl Fn(&T) -> u64) -> Vec<T> {
    let order = sorted(things.iter().map(number).zip(0..).collect());
    let mut things: Vec<Option<T>> = things.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| things.get_mut(place)?.take()).collect()
}

fn sorted(mut numbers: Vec<(u64, usize)>) -> Vec<usize> {
    numbers.sort_unstable();
    numbers.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_keep_their_places() {
        assert_eq!(in_order(vec!["bb", "a", "cc", "d"], |text| text.len() as u64), ["a", "d", "bb", "cc"]);
    }
}
