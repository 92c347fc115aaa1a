//! Reading events of a menu: all events' fields as one struct (see `seating/read.rs` for why).

use std::borrow::Cow;

use serde::Deserialize;

use super::{Catalog, MenuEvent, OptionKey};
use crate::ids::{DishId, GroupId, OptionId};
use crate::rejection::Rejection;

/// Every field that an event of a menu can have.
#[derive(Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    catalog: Option<Box<Catalog>>,
    dish: Option<DishId>,
    group: Option<GroupId>,
    option: Option<OptionId>,
    reason: Option<Rejection>,
}

/// Why an event can't be read.
#[derive(Debug, thiserror::Error)]
#[error("missing field `{0}`")]
pub(super) struct Missing(&'static str);

impl TryFrom<Fields<'_>> for MenuEvent {
    type Error = Missing;

    fn try_from(f: Fields<'_>) -> Result<Self, Missing> {
        let dish = f.dish.ok_or(Missing("dish"));
        let option = |dish: Result<DishId, Missing>| {
            Ok(OptionKey { dish: dish?, group: f.group.ok_or(Missing("group"))?, option: f.option.ok_or(Missing("option"))? })
        };
        Ok(match &*f.kind {
            "published" => Self::Published { catalog: f.catalog.ok_or(Missing("catalog"))? },
            "dish_sold_out" => Self::DishSoldOut { dish: dish? },
            "dish_back" => Self::DishBack { dish: dish? },
            "option_sold_out" => Self::OptionSoldOut { option: option(dish)? },
            "option_back" => Self::OptionBack { option: option(dish)? },
            "refused" => Self::Refused { reason: f.reason.ok_or(Missing("reason"))? },
            _ => Self::Unknown,
        })
    }
}
