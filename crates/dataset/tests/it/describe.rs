use hanami_dataset::{Cell, ColumnKind, ColumnSummary, Dataset, DatasetError, FileProblem, Spread};
use proptest::prelude::*;

use crate::common::{Place, idx, small_mnist};

fn describe(dataset: &Dataset) -> Result<Vec<ColumnSummary>, DatasetError> {
    dataset.describe(|| Ok(()))
}

#[test]
fn columns_of_a_table_are_described() {
    let place = Place::new();
    let rows = ["2,true,red", "4,false,blue", "4,true,red", "6,false,red"];
    place.csv(format!("size,open,colour\n{}\n", rows.join("\n"))).unwrap();
    let spread =
        |minimum, maximum, mean, deviation| Some(Spread { minimum, maximum, mean, deviation });
    let column = |name: &str, kind, spread, counts: &[(&str, u64)]| ColumnSummary {
        name: name.to_owned(),
        kind,
        spread,
        counts: counts.iter().map(|(text, count)| ((*text).to_owned(), *count)).collect(),
    };
    let expected = [
        column("size", ColumnKind::Number, spread(2.0, 6.0, 4.0, 2.0_f64.sqrt()), &[]),
        column("open", ColumnKind::Boolean, spread(0.0, 1.0, 0.5, 0.5), &[]),
        column("colour", ColumnKind::Category, None, &[("blue", 1), ("red", 3)]),
    ];
    assert_eq!(describe(&place.open()).unwrap(), expected);
}

#[test]
fn images_and_labels_are_described() {
    let place = Place::new();
    let images = idx(&[2, 1, 2], &[0, 255, 255, 0]);
    place.mnist(&images, &idx(&[2], &[3, 3])).unwrap();
    let columns = describe(&place.open()).unwrap();
    let (images, labels) = (&columns[0], &columns[1]);
    assert_eq!((images.name.as_str(), images.kind), ("images", ColumnKind::Pixels));
    let halves = Spread { minimum: 0.0, maximum: 255.0, mean: 127.5, deviation: 127.5 };
    assert_eq!(images.spread, Some(halves));
    assert_eq!((labels.name.as_str(), labels.kind), ("labels", ColumnKind::Class));
    let threes = Spread { minimum: 3.0, maximum: 3.0, mean: 3.0, deviation: 0.0 };
    assert_eq!(labels.spread, Some(threes));
    assert_eq!(labels.counts.len(), 10);
    assert_eq!((&labels.counts[3], &labels.counts[4]), (&("3".into(), 2), &("4".into(), 0)));
}

#[test]
fn damaged_data_is_not_described() {
    let place = Place::new();
    place.csv("a,b\n1,2\n3,4\n").unwrap();
    let mut bytes = std::fs::read(place.out()).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(place.out(), bytes).unwrap();
    let error = describe(&place.open()).unwrap_err();
    let DatasetError::File { problem: FileProblem::ColumnChecksum { column }, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(column, "b");
}

#[test]
fn a_description_ends_when_it_may_not_go_on() {
    let place = Place::new();
    place.csv("a\n1\n").unwrap();
    let stopped = || Err(DatasetError::InputChanged);
    assert!(matches!(place.open().describe(stopped), Err(DatasetError::InputChanged)));
}

#[test]
fn rows_are_shown_as_far_as_there_are_some() {
    let place = Place::new();
    place.csv("a,b\n1,left\n0.1,right\n7e30,left\n").unwrap();
    let dataset = place.open();
    let row = |number, text: &str| vec![Cell::Number(number), Cell::Text(text.to_owned())];
    let all = vec![row(1.0, "left"), row(0.1, "right"), row(7e30, "left")];
    assert_eq!(dataset.rows(0, 20).unwrap(), all);
    assert_eq!(dataset.rows(1, 1).unwrap(), all[1..2]);
    assert_eq!(dataset.rows(2, u64::MAX).unwrap(), all[2..]);
    for (from, count) in [(3, 1), (u64::MAX, u64::MAX), (0, 0)] {
        assert_eq!(dataset.rows(from, count).unwrap(), Vec::<Vec<Cell>>::new());
    }
}

#[test]
fn images_are_shown_with_their_labels_and_never_too_many_pixels() {
    let place = Place::new();
    let (images, labels) = small_mnist();
    place.mnist(&images, &labels).unwrap();
    let last = vec![Cell::Pixels(vec![252, 253, 254, 255]), Cell::Class(0)];
    assert_eq!(place.open().rows(2, 5).unwrap(), [last]);

    let place = Place::new();
    let images = idx(&[5, 512, 1024], &vec![9; 5 << 19]);
    place.mnist(&images, &idx(&[5], &[0; 5])).unwrap();
    assert_eq!(place.open().rows(0, 5).unwrap().len(), 1);
}

proptest! {
    #[test]
    fn descriptions_are_what_two_passes_give(
        numbers in prop::collection::vec(-1e6..1e6_f32, 1..80),
    ) {
        let place = Place::new();
        let cells: Vec<_> = numbers.iter().map(f32::to_string).collect();
        place.csv(format!("a\n{}\n", cells.join("\n"))).unwrap();
        let found = describe(&place.open()).unwrap()[0].spread.unwrap();
        let numbers: Vec<f64> = numbers.into_iter().map(f64::from).collect();
        let count = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / count;
        let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
        let near = |found: f64, expected: f64| (found - expected).abs() <= 1e-9 * expected.abs().max(1.0);
        prop_assert!(near(found.mean, mean));
        prop_assert!(near(found.deviation, (squares / count).sqrt()));
        prop_assert_eq!(found.minimum, numbers.iter().copied().fold(f64::INFINITY, f64::min));
        prop_assert_eq!(found.maximum, numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    }
}
