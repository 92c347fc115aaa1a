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
#[serde(rename_all = "UPPERCASE")]
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
}

impl Currency {
    /// The ISO 4217 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
            Self::Usd => "USD",
            Self::Gbp => "GBP",
            Self::Brl => "BRL",
            Self::Chf => "CHF",
            Self::Mxn => "MXN",
            Self::Jpy => "JPY",
        }
    }

    /// What people write.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Eur => "€",
            Self::Usd => "$",
            Self::Gbp => "£",
            Self::Brl => "R$",
            Self::Chf => "CHF",
            Self::Mxn => "MX$",
            Self::Jpy => "¥",
        }
    }

    /// Digits behind the decimal separator (ISO 4217's exponent).
    pub const fn exponent(self) -> u32 {
        match self {
            Self::Jpy => 0,
            Self::Eur | Self::Usd | Self::Gbp | Self::Brl | Self::Chf | Self::Mxn => 2,
        }
    }
}
