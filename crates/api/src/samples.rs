//! Samples in JSON: `/control/v1/cluster/predict`, `/control/v1/cluster/learn`.
//!
//! The values of a brick are an array of numbers (one sample) or an array of such arrays (a list of
//! samples). `null` stands for a value that is not known, in memory NaN.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Body of `POST /control/v1/cluster/predict`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Predict {
    /// The cluster to ask.
    pub uuid: Uuid,
    /// Values for its input bricks.
    pub inputs: BrickSamples,
}

/// Answer of `POST /control/v1/cluster/predict`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Predicted {
    /// What each output brick answered; a list of samples is answered by a list.
    pub outputs: BTreeMap<String, Samples>,
}

/// Body of `POST /control/v1/cluster/learn`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Learn {
    /// The cluster to teach.
    pub uuid: Uuid,
    /// Values for its input bricks.
    pub inputs: BrickSamples,
    /// What its output bricks should have answered.
    pub outputs: BrickSamples,
}

/// Answer of `POST /control/v1/cluster/learn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Learned {
    /// Training steps that the network has taken by then.
    pub steps: u64,
}

/// Values for the input bricks, or for the output bricks, of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum BrickSamples {
    /// For the only brick that there is.
    Only(Samples),
    /// By the names of the bricks, with as many samples for each.
    Named(BTreeMap<String, Samples>),
}

/// Values of one brick; in place of a number, `null` says that it is not known.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Samples {
    /// Those of one sample.
    One(Vec<f32>),
    /// Those of a list of samples.
    Many(Vec<Vec<f32>>),
}

impl Samples {
    /// Whether this is a list of samples.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self, Self::Many(_))
    }

    /// The values of each sample.
    #[must_use]
    pub fn into_rows(self) -> Vec<Vec<f32>> {
        match self {
            Self::One(values) => vec![values],
            Self::Many(rows) => rows,
        }
    }
}

impl BrickSamples {
    /// Whether this is a list of samples.
    #[must_use]
    pub fn is_list(&self) -> bool {
        match self {
            Self::Only(samples) => samples.is_list(),
            Self::Named(named) => named.values().any(Samples::is_list),
        }
    }
}

impl From<Vec<f32>> for BrickSamples {
    fn from(values: Vec<f32>) -> Self {
        Self::Only(Samples::One(values))
    }
}

impl From<Vec<Vec<f32>>> for BrickSamples {
    fn from(rows: Vec<Vec<f32>>) -> Self {
        Self::Only(Samples::Many(rows))
    }
}

impl From<BTreeMap<String, Samples>> for BrickSamples {
    fn from(named: BTreeMap<String, Samples>) -> Self {
        Self::Named(named)
    }
}

// Written by hand, since what derives for untagged enums first copies all values into a tree, and
// can't tell which of them is wrong.

impl<'de> Deserialize<'de> for BrickSamples {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = BrickSamples;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of numbers, or an object with such arrays by brick")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<BrickSamples, A::Error> {
                samples(values).map(BrickSamples::Only)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<BrickSamples, A::Error> {
                let mut named = BTreeMap::new();
                while let Some((brick, samples)) = map.next_entry::<String, Samples>()? {
                    if named.insert(brick.clone(), samples).is_some() {
                        return Err(de::Error::custom(format!("the brick `{brick}` comes twice")));
                    }
                }
                Ok(BrickSamples::Named(named))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for Samples {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Samples;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of numbers, or an array of such arrays")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<Samples, A::Error> {
                samples(values)
            }
        }

        deserializer.deserialize_seq(OneOrMany)
    }
}

/// Reads numbers or lists of numbers; the first one tells which.
fn samples<'de, A: SeqAccess<'de>>(mut items: A) -> Result<Samples, A::Error> {
    let mixed = || de::Error::custom("single numbers and arrays of numbers don't go together");
    match items.next_element()? {
        None => Ok(Samples::One(Vec::new())),
        Some(Item::Value(first)) => {
            let mut values = vec![first];
            while let Some(item) = items.next_element()? {
                let Item::Value(value) = item else { return Err(mixed()) };
                values.push(value);
            }
            Ok(Samples::One(values))
        }
        Some(Item::Row(first)) => {
            let mut rows = vec![first];
            while let Some(item) = items.next_element()? {
                let Item::Row(row) = item else { return Err(mixed()) };
                rows.push(row);
            }
            Ok(Samples::Many(rows))
        }
    }
}

/// A number, or a list of numbers.
enum Item {
    Value(f32),
    Row(Vec<f32>),
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor { row: true })
    }
}

/// A number that is not inside a row any more.
struct Value(f32);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(ItemVisitor { row: false })? {
            Item::Value(value) => Ok(Self(value)),
            Item::Row(_) => Err(de::Error::custom("a number was expected")),
        }
    }
}

/// Takes a number or `null` and, where it is allowed, a row of them.
struct ItemVisitor {
    row: bool,
}

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.row {
            "a number, null or an array of them"
        } else {
            "a number or null"
        })
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Item, E> {
        let narrow = value as f32;
        if narrow.is_finite() {
            return Ok(Item::Value(narrow));
        }
        Err(E::custom(format!("{value} is beyond the range of 32-bit floating point numbers")))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Item, E> {
        Ok(Item::Value(value as f32))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Item, E> {
        Ok(Item::Value(value as f32))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Item, E> {
        Ok(Item::Value(f32::NAN))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Item, A::Error> {
        if !self.row {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        }
        let mut row = Vec::new();
        while let Some(Value(value)) = values.next_element()? {
            row.push(value);
        }
        Ok(Item::Row(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<BrickSamples, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn one_sample_and_lists_are_read_with_and_without_names() {
        let one = Samples::One(vec![1.0, -2.5]);
        let many = Samples::Many(vec![vec![1.0], vec![]]);
        assert_eq!(read("[1, -2.5]"), Ok(BrickSamples::Only(one.clone())));
        assert_eq!(read("[[1], []]"), Ok(BrickSamples::Only(many.clone())));
        let named = BTreeMap::from([("a".to_owned(), one), ("b".to_owned(), many)]);
        assert_eq!(read(r#"{"a": [1, -2.5], "b": [[1], []]}"#), Ok(BrickSamples::Named(named)));
        assert_eq!(read("[]"), Ok(BrickSamples::Only(Samples::One(vec![]))));
    }

    #[test]
    fn null_travels_as_a_value_that_is_not_known() {
        let Ok(BrickSamples::Only(Samples::One(values))) = read("[null, 1]") else { panic!() };
        assert!(values[0].is_nan() && values[1] == 1.0);
        assert_eq!(serde_json::to_string(&Samples::One(values)).unwrap(), "[null,1.0]");
    }

    #[test]
    fn what_is_no_number_is_told() {
        for (json, told) in [
            ("7", "an array of numbers, or an object"),
            (r#"{"a": 7}"#, "an array of numbers, or an array"),
            (r#"["1"]"#, "a number, null or an array"),
            (r#"[["1"]]"#, "a number or null"),
            ("[[[1]]]", "a number or null"),
            ("[1, [1]]", "don't go together"),
            ("[[1], 1]", "don't go together"),
            ("[1e39]", "32-bit"),
            (r#"{"a": [1], "a": [1]}"#, "`a` comes twice"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.contains(told), "{json}: {error}");
        }
    }
}
