use std::fs;

use hanami_dataset::{
    Batch, BrickShape, Dataset, DatasetError, FileProblem, MappingError, Sampler,
};

use crate::common::{Place, small_mnist};

fn brick(name: &str, width: usize) -> BrickShape<'_> {
    BrickShape { name, width }
}

fn mnist() -> (Place, Dataset) {
    let place = Place::new();
    let (images, labels) = small_mnist();
    place.mnist(&images, &labels).unwrap();
    let dataset = place.open();
    (place, dataset)
}

/// Five rows: `x` is the number of the row, `y` ten times and `z` a hundred times that.
fn table() -> (Place, Dataset) {
    let place = Place::new();
    place.csv("x,y,z\n0,0,0\n1,10,100\n2,20,200\n3,30,300\n4,40,400\n").unwrap();
    let dataset = place.open();
    (place, dataset)
}

#[test]
fn images_are_read_raw_and_labels_one_hot() {
    let (_place, dataset) = mnist();
    let sampler = Sampler::new(dataset.info(), &[brick("in", 4)], &[brick("out", 10)]).unwrap();
    assert_eq!(sampler.steps(), 3);
    assert_eq!((sampler.input_width(), sampler.output_width()), (4, 10));
    let mut batch = Batch::default();
    sampler.read(&dataset, 1..3, &mut batch).unwrap();
    assert_eq!(batch.len, 2);
    assert_eq!(batch.input(0), [10.0, 11.0, 12.0, 13.0]);
    assert_eq!(batch.input(1), [252.0, 253.0, 254.0, 255.0]);
    assert_eq!(batch.target(0), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(batch.target(1)[0], 1.0);
    assert_eq!(batch.target(1).iter().sum::<f32>(), 1.0);
}

#[test]
fn a_batch_forgets_what_it_held() {
    let (_place, images) = mnist();
    let of_images = Sampler::new(images.info(), &[brick("in", 4)], &[brick("out", 10)]).unwrap();
    let (_place, table) = table();
    let of_table = Sampler::new(table.info(), &[brick("x", 1)], &[]).unwrap();
    let mut batch = Batch::default();
    for _ in 0..2 {
        of_images.read(&images, 0..3, &mut batch).unwrap();
        assert_eq!(batch.targets.iter().sum::<f32>(), 3.0);
        of_table.read(&table, 3..5, &mut batch).unwrap();
        assert_eq!((batch.len, &batch.inputs[..]), (2, &[3.0, 4.0][..]));
        assert_eq!(batch.target(1), [0.0; 0]);
        assert!(batch.targets.is_empty());
    }
}

#[test]
fn windows_of_a_table_end_in_the_same_row() {
    let (_place, dataset) = table();
    let inputs = [brick("z", 1), brick("x", 3)];
    let outputs = [brick("y", 2)];
    let sampler = Sampler::new(dataset.info(), &inputs, &outputs).unwrap();
    assert_eq!(sampler.steps(), 3);
    assert_eq!((sampler.input_width(), sampler.output_width()), (4, 2));
    let mut batch = Batch::default();
    sampler.read(&dataset, 0..3, &mut batch).unwrap();
    assert_eq!(batch.input(0), [200.0, 0.0, 1.0, 2.0]);
    assert_eq!(batch.target(0), [10.0, 20.0]);
    assert_eq!(batch.input(1), [300.0, 1.0, 2.0, 3.0]);
    assert_eq!(batch.target(1), [20.0, 30.0]);
    assert_eq!(batch.input(2), [400.0, 2.0, 3.0, 4.0]);
    assert_eq!(batch.target(2), [30.0, 40.0]);
}

#[test]
fn a_longer_output_window_sets_the_steps_of_training_only() {
    let (_place, dataset) = table();
    let (inputs, outputs) = ([brick("x", 1)], [brick("y", 4)]);
    let training = Sampler::new(dataset.info(), &inputs, &outputs).unwrap();
    let mut batch = Batch::default();
    training.read(&dataset, 1..2, &mut batch).unwrap();
    assert_eq!(training.steps(), 2);
    assert_eq!(batch.input(0), [4.0]);
    assert_eq!(batch.target(0), [10.0, 20.0, 30.0, 40.0]);
    let request = Sampler::new(dataset.info(), &inputs, &[]).unwrap();
    assert_eq!(request.steps(), 5);
}

#[test]
fn steps_beyond_the_end_are_refused() {
    let (_place, dataset) = table();
    let sampler = Sampler::new(dataset.info(), &[brick("x", 5)], &[]).unwrap();
    let mut batch = Batch::default();
    sampler.read(&dataset, 0..1, &mut batch).unwrap();
    let beyond = sampler.read(&dataset, 0..2, &mut batch).unwrap_err();
    assert!(matches!(beyond, DatasetError::StepsOutOfRange { asked: 2, steps: 1 }), "{beyond}");
    sampler.read(&dataset, 1..1, &mut batch).unwrap();
    assert_eq!(batch.len, 0);
}

#[test]
fn a_label_beyond_the_classes_is_damage() {
    let (place, dataset) = mnist();
    let mut bytes = fs::read(place.out()).unwrap();
    *bytes.last_mut().unwrap() = 10;
    fs::write(place.out(), bytes).unwrap();
    let sampler = Sampler::new(dataset.info(), &[brick("in", 4)], &[brick("out", 10)]).unwrap();
    let error = sampler.read(&place.open(), 0..3, &mut Batch::default());
    let Err(DatasetError::File { problem, .. }) = error else {
        panic!("{error:?}");
    };
    let (label, classes) = (10, 10);
    assert_eq!(problem, FileProblem::Label { label, classes });
}

#[test]
fn images_need_one_brick_of_their_size() {
    let (_place, dataset) = mnist();
    let (input, output) = (brick("in", 4), brick("out", 10));
    let refused = |inputs: &[BrickShape<'_>], outputs: &[BrickShape<'_>]| {
        Sampler::new(dataset.info(), inputs, outputs).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&[], &[output]),
        "a dataset of images needs exactly one input brick, but the template has 0; leave one \
         with `number_of_neurons: 4`"
    );
    assert_eq!(
        refused(&[brick("in", 5)], &[output]),
        "the images have 4 pixels, but the input brick `in` has 5 neurons; write \
         `number_of_neurons: 4` in the template"
    );
    assert_eq!(
        refused(&[input], &[output, output]),
        "a dataset of images needs exactly one output brick, but the template has 2; leave one \
         with `number_of_neurons: 10`"
    );
    assert_eq!(
        refused(&[input], &[brick("out", 9)]),
        "the labels have 10 classes, but the output brick `out` has 9 neurons; write \
         `number_of_neurons: 10` in the template"
    );
    assert!(Sampler::new(dataset.info(), &[input], &[]).is_ok());
}

#[test]
fn tables_need_bricks_named_like_columns() {
    let place = Place::new();
    place.csv("temperature,humidity\n1,2\n3,4\n").unwrap();
    let dataset = place.open();
    let refused = |inputs: &[BrickShape<'_>], outputs: &[BrickShape<'_>]| {
        Sampler::new(dataset.info(), inputs, outputs).unwrap_err()
    };
    assert_eq!(
        refused(&[brick("temprature", 1)], &[]).to_string(),
        "a brick has to be named like the column that it reads: no column is called \
         `temprature`; did you mean `temperature`? The columns are `temperature`, `humidity`"
    );
    let unknown = refused(&[brick("humidity", 1)], &[brick("Z", 1)]).to_string();
    assert!(unknown.ends_with("`Z`; the columns are `temperature`, `humidity`"), "{unknown}");
    assert_eq!(
        refused(&[brick("humidity", 1)], &[brick("temperature", 3)]).to_string(),
        "the brick `temperature` reads 3 rows at once, but the table has only 2; lower its \
         `number_of_neurons` or give more rows"
    );
    assert_eq!(refused(&[], &[brick("humidity", 1)]), MappingError::NoInput);
    assert_eq!(
        refused(&[brick("humidity", 0)], &[]),
        MappingError::EmptyBrick { brick: "humidity".into() }
    );
}
