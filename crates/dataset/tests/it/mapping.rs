//! Bricks that read the columns a mapping gives them.

use std::collections::BTreeMap;

use hanami_dataset::{Answer, AnswerKind, Batch, BrickShape, Dataset, Mapping, Sampler};

use crate::common::{Place, small_mnist};

fn brick(name: &str, width: usize) -> BrickShape<'_> {
    BrickShape { name, width }
}

/// Sorted, the colours are blue, green and red.
fn table() -> (Place, Dataset) {
    let place = Place::new();
    place.csv("age,colour,weight\n1,red,10\n2,blue,20\n3,green,30\n4,blue,40\n").unwrap();
    let dataset = place.open();
    (place, dataset)
}

fn window(inputs: &[(&str, &str)], outputs: &[(&str, &str)]) -> Mapping {
    let map = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(brick, column)| ((*brick).to_owned(), (*column).to_owned())).collect()
    };
    Mapping::Window { inputs: map(inputs), outputs: map(outputs) }
}

fn row(inputs: &[(&str, &[&str])], outputs: &[(&str, &[&str])]) -> Mapping {
    let map = |pairs: &[(&str, &[&str])]| {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let pairs = pairs.iter().map(|(brick, names)| ((*brick).to_owned(), columns(names)));
        pairs.collect::<BTreeMap<String, Vec<String>>>()
    };
    Mapping::Row { inputs: map(inputs), outputs: map(outputs) }
}

#[test]
fn a_window_may_read_a_column_of_another_name() {
    let (_place, dataset) = table();
    let mapping = window(&[("in", "age")], &[("out", "weight")]);
    let (inputs, outputs) = ([brick("in", 2)], [brick("out", 1)]);
    let sampler = Sampler::mapped(dataset.info(), &inputs, &outputs, Some(&mapping)).unwrap();
    let mut batch = Batch::default();
    sampler.read(&dataset, 0..3, &mut batch).unwrap();
    assert_eq!((batch.input(0), batch.target(0)), (&[1.0, 2.0][..], &[20.0][..]));
    assert_eq!((batch.input(2), batch.target(2)), (&[3.0, 4.0][..], &[40.0][..]));
    let answer = Answer::of(dataset.info(), &outputs, Some(&mapping));
    let (kind, column) = (AnswerKind::Value { place: 0 }, Some("weight".to_owned()));
    assert_eq!(answer, Answer { kind, column });
}

#[test]
fn a_row_is_read_column_by_column_and_categories_one_hot() {
    let (_place, dataset) = table();
    let mapping = row(&[("in", &["weight", "colour", "age"])], &[("out", &["colour"])]);
    let (inputs, outputs) = ([brick("in", 5)], [brick("out", 3)]);
    let sampler = Sampler::mapped(dataset.info(), &inputs, &outputs, Some(&mapping)).unwrap();
    assert_eq!(sampler.steps(), 4);
    let mut batch = Batch::default();
    sampler.read(&dataset, 0..4, &mut batch).unwrap();
    assert_eq!(batch.input(0), [10.0, 0.0, 0.0, 1.0, 1.0]);
    assert_eq!(batch.input(1), [20.0, 1.0, 0.0, 0.0, 2.0]);
    assert_eq!(batch.target(2), [0.0, 1.0, 0.0]);
    let answer = Answer::of(dataset.info(), &outputs, Some(&mapping));
    let (kind, column) = (AnswerKind::Class { count: 3 }, Some("colour".to_owned()));
    assert_eq!(answer, Answer { kind, column });
    // A request reads no outputs, whatever the mapping says of them.
    let request = Sampler::for_request(dataset.info(), &inputs, &outputs, Some(&mapping)).unwrap();
    assert_eq!((request.steps(), request.output_width()), (4, 0));
}

#[test]
fn steps_are_read_in_any_order() {
    let (_place, dataset) = table();
    let mapping = row(&[("in", &["age", "colour"])], &[]);
    let inputs = [brick("in", 4)];
    let sampler = Sampler::mapped(dataset.info(), &inputs, &[], Some(&mapping)).unwrap();
    let mut batch = Batch::default();
    sampler.read_steps(&dataset, &[3, 0, 2, 0], &mut batch).unwrap();
    let ages: Vec<_> = (0..4).map(|index| batch.input(index)[0]).collect();
    assert_eq!(ages, [4.0, 1.0, 3.0, 1.0]);
    assert_eq!(batch.input(2)[1..], [0.0, 1.0, 0.0]);
}

/// More than the steps that are read with one call.
#[test]
fn steps_that_are_far_apart_are_read_too() {
    let place = Place::new();
    let rows: Vec<_> = (0..100_000).map(|row| row.to_string()).collect();
    place.csv(format!("a\n{}\n", rows.join("\n"))).unwrap();
    let dataset = place.open();
    let sampler = Sampler::new(dataset.info(), &[brick("a", 2)], &[]).unwrap();
    let steps = [99_998, 5, 50_000, 6, 1030, 2055];
    let mut batch = Batch::default();
    sampler.read_steps(&dataset, &steps, &mut batch).unwrap();
    for (index, step) in steps.into_iter().enumerate() {
        assert_eq!(batch.input(index), [step as f32, step as f32 + 1.0]);
    }
}

#[test]
fn what_does_not_fit_is_refused_with_a_way_out() {
    let (_place, dataset) = table();
    let (inputs, outputs) = ([brick("in", 4)], [brick("out", 1)]);
    let refused = |mapping: &Mapping| {
        Sampler::mapped(dataset.info(), &inputs, &outputs, Some(mapping)).unwrap_err().to_string()
    };
    let fine: (&str, &[&str]) = ("out", &["weight"]);
    let cases = [
        (
            row(&[("in", &["colour"])], &[fine]),
            "the brick `in` has 4 neurons, but its columns need 3 (`colour` 3); write \
             `number_of_neurons: 3` in the template, or map other columns",
        ),
        (row(&[("in", &[])], &[fine]), "its columns need 0"),
        (
            row(&[("in", &["agee", "colour"])], &[fine]),
            "the mapping of the brick `in`: no column is called `agee`; did you mean `age`?",
        ),
        (row(&[], &[fine]), "the mapping lacks the input brick `in`; add it under `inputs`"),
        (
            row(&[("in", &["age", "colour"])], &[]),
            "the mapping lacks the output brick `out`; add it under `outputs`",
        ),
        (
            row(&[("in", &["age", "colour"]), ("im", &["age"])], &[fine]),
            "no input brick is called `im`, as the mapping has it; there are: `in`",
        ),
        (window(&[("in", "colour")], &[("out", "age")]), "a mapping of the type `row`"),
        (window(&[("in", "age")], &[("out", "heigth")]), "`heigth`"),
    ];
    for (mapping, expected) in cases {
        let message = refused(&mapping);
        assert!(message.contains(expected), "{message}");
    }
    let by_name = Sampler::new(dataset.info(), &[brick("colour", 1)], &[]).unwrap_err();
    assert!(by_name.to_string().contains("`row`"), "{by_name}");
}

#[test]
fn images_have_no_columns_to_map() {
    let place = Place::new();
    let (images, labels) = small_mnist();
    place.mnist(&images, &labels).unwrap();
    let mapping = row(&[("in", &["images"])], &[("out", &["labels"])]);
    let bricks = ([brick("in", 4)], [brick("out", 10)]);
    let error = Sampler::mapped(place.open().info(), &bricks.0, &bricks.1, Some(&mapping));
    assert!(error.unwrap_err().to_string().contains("leave `mapping` out"));
}
