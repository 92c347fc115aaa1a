//! Money: whole minor units, never a float, and no cent lost when it is split.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

use serde::{Deserialize, Serialize};

/// An amount in whole minor units (cents) of the currency that the menu states.
///
/// The currency stands once on the menu and once on each seating rather than on every amount: one
/// stay has one currency, so two amounts of it can't disagree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Splits evenly; the first shares are one minor unit larger where it doesn't come out even.
    ///
    /// The shares always sum to the whole. No parts give no shares.
    pub fn split_evenly(self, parts: u16) -> Vec<Self> {
        self.split_by_weight(&vec![1; usize::from(parts)])
    }

    /// Splits in proportion to `weights`, by largest remainder; ties go to who comes first.
    ///
    /// The shares always sum to the whole, and each lies within one minor unit of its exact
    /// proportion. All weights zero (or none) give no shares.
    pub fn split_by_weight(self, weights: &[u32]) -> Vec<Self> {
        let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        if total == 0 {
            return Vec::new();
        }
        let exact = |w: u32| i128::from(self.0) * i128::from(w);
        let mut shares: Vec<i128> = weights.iter().map(|w| exact(*w).div_euclid(total)).collect();
        let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
        by_remainder.sort_by_key(|i| (std::cmp::Reverse(exact(weights[*i]).rem_euclid(total)), *i));
        let short = i128::from(self.0) - shares.iter().sum::<i128>();
        for i in by_remainder.into_iter().take(usize::try_from(short).unwrap_or(0)) {
            shares[i] += 1;
        }
        // Each share lies between zero and the whole, which was an i64.
        shares.into_iter().map(|s| Self(i64::try_from(s).unwrap_or(i64::MAX))).collect()
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Mul<u16> for Amount {
    type Output = Self;

    fn mul(self, times: u16) -> Self {
        Self(self.0.saturating_mul(i64::from(times)))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// A currency by its ISO 4217 code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Currency {
    /// Euro.
    #[default]
    Eur,
    /// US dollar.
    Usd,
    /// Pound sterling.
    Gbp,
    /// Brazilian real.
    Brl,
    /// Swiss franc.
    Chf,
    /// Mexican peso.
    Mxn,
    /// Japanese yen, which has no minor unit.
    Jpy,
    /// One that only a later release publishes, by its code: it is kept, and written as the code.
    Other([u8; 3]),
}

/// What stands for a currency where no code can be read (ISO 4217: no currency).
const NO_CURRENCY: [u8; 3] = *b"XXX";

impl From<String> for Currency {
    fn from(code: String) -> Self {
        let known = Self::KNOWN.into_iter().find(|currency| currency.code() == code);
        let other = || code.as_bytes().try_into().ok().filter(|code: &[u8; 3]| code.iter().all(u8::is_ascii_uppercase));
        known.unwrap_or_else(|| Self::Other(other().unwrap_or(NO_CURRENCY)))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl Currency {
    /// Those that can be published.
    const KNOWN: [Self; 7] = [Self::Eur, Self::Usd, Self::Gbp, Self::Brl, Self::Chf, Self::Mxn, Self::Jpy];

    /// The ISO 4217 code.
    pub fn code(&self) -> &str {
        match self {
            Self::Eur => "EUR",
            Self::Usd => "USD",
            Self::Gbp => "GBP",
            Self::Brl => "BRL",
            Self::Chf => "CHF",
            Self::Mxn => "MXN",
            Self::Jpy => "JPY",
            Self::Other(code) => str::from_utf8(code).unwrap_or_default(),
        }
    }

    /// What people write.
    pub fn symbol(&self) -> &str {
        match self {
            Self::Eur => "€",
            Self::Usd => "$",
            Self::Gbp => "£",
            Self::Brl => "R$",
            Self::Mxn => "MX$",
            Self::Jpy => "¥",
            Self::Chf | Self::Other(_) => self.code(),
        }
    }

    /// Digits behind the decimal separator (ISO 4217's exponent).
    pub fn exponent(&self) -> u32 {
        match self.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV" | "XAF"
            | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amounts() -> impl Strategy<Value = i64> {
        prop_oneof![-100_000_i64..100_000, any::<i64>(), Just(i64::MIN), Just(i64::MAX)]
    }

    #[test]
    fn what_does_not_come_out_even_goes_to_who_comes_first() {
        assert_eq!(Amount(1_000).split_evenly(3), [Amount(334), Amount(333), Amount(333)]);
        assert_eq!(Amount(-5).split_evenly(2), [Amount(-2), Amount(-3)]);
        assert_eq!(Amount(5).split_evenly(0), []);
    }

    #[test]
    fn a_split_by_weight_goes_to_the_largest_remainders() {
        assert_eq!(Amount(100).split_by_weight(&[1, 1, 1]), [Amount(34), Amount(33), Amount(33)]);
        assert_eq!(Amount(100).split_by_weight(&[0, 2, 1]), [Amount(0), Amount(67), Amount(33)]);
        assert_eq!(Amount(100).split_by_weight(&[0, 0]), []);
    }

    #[test]
    fn amounts_stop_at_their_bounds_instead_of_wrapping() {
        assert_eq!(Amount(i64::MAX) + Amount(1), Amount(i64::MAX));
        assert_eq!(Amount(i64::MIN) - Amount(1), Amount(i64::MIN));
        assert_eq!(-Amount(i64::MIN), Amount(i64::MAX));
        assert_eq!(Amount(i64::MAX) * 2, Amount(i64::MAX));
    }

    proptest! {
        #[test]
        fn a_split_is_exact_fair_and_the_same_each_time(
            cents in amounts(),
            weights in prop::collection::vec(prop_oneof![0_u32..5, any::<u32>()], 0..30),
        ) {
            let shares = Amount(cents).split_by_weight(&weights);
            let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            prop_assert_eq!(&shares, &Amount(cents).split_by_weight(&weights));
            prop_assert_eq!(shares.len(), if total == 0 { 0 } else { weights.len() });
            if total > 0 {
                prop_assert_eq!(shares.iter().map(|s| i128::from(s.0)).sum::<i128>(), i128::from(cents));
            }
            for (share, weight) in shares.iter().zip(&weights) {
                // Within one minor unit of cents × weight ÷ total, told without dividing.
                let off = i128::from(share.0) * total - i128::from(cents) * i128::from(*weight);
                prop_assert!(off.abs() < total, "{share:?} of {cents} by {weight} of {total}");
                prop_assert!(*weight > 0 || *share == Amount::ZERO, "who has no weight pays nothing");
            }
        }

        #[test]
        fn an_even_split_differs_by_one_and_never_grows(cents in amounts(), parts in 1_u16..500) {
            let shares = Amount(cents).split_evenly(parts);
            prop_assert_eq!(shares.len(), usize::from(parts));
            prop_assert_eq!(shares.iter().map(|s| i128::from(s.0)).sum::<i128>(), i128::from(cents));
            prop_assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]));
            prop_assert!(i128::from(shares[0].0) - i128::from(shares[shares.len() - 1].0) <= 1);
        }
    }
}
