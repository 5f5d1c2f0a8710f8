use hanami_dataset::{Dataset, ScoreError, accuracy};

use crate::common::{Place, small_mnist};

fn table(text: &str) -> (Place, Dataset) {
    let place = Place::new();
    place.csv(text).unwrap();
    let dataset = place.open();
    (place, dataset)
}

#[test]
fn images_are_right_where_the_class_is_the_label() {
    let place = Place::new();
    let (images, labels) = small_mnist();
    place.mnist(&images, &labels).unwrap();
    let dataset = place.open();
    let score = |data: &[f64]| accuracy(data, &dataset, None);
    assert_eq!(score(&[1.0, 9.0, 0.0]).unwrap(), 100.0);
    assert_eq!(score(&[1.0, 8.0, f64::NAN]).unwrap(), 100.0 / 3.0);
    assert_eq!(score(&[0.0, 1.0, 9.0]).unwrap(), 0.0);
    assert!(matches!(score(&[]), Err(ScoreError::Empty)));
    for wrong in [&[1.0, 9.0][..], &[1.0, 9.0, 0.0, 0.0][..]] {
        let error = score(wrong).unwrap_err();
        assert!(matches!(error, ScoreError::Length { rows: 3, .. }), "{error}");
    }
}

#[test]
fn numbers_may_be_off_by_a_twentieth_of_the_range() {
    let (_place, dataset) = table("a,b\n-100,0\n0,0\n100,0\n");
    let score = |data: &[f64]| accuracy(data, &dataset, Some("a")).unwrap();
    assert_eq!(score(&[-90.0, 10.0, 110.0]), 100.0);
    assert_eq!(score(&[-89.9, -10.1, 100.0]), 100.0 / 3.0);
    assert_eq!(score(&[f64::NAN, f64::INFINITY, -100.0]), 0.0);
}

#[test]
fn columns_of_zeros_and_ones_are_rounded() {
    let (_place, dataset) = table("a\nfalse\ntrue\ntrue\n0\n");
    let score = |data: &[f64]| accuracy(data, &dataset, Some("a")).unwrap();
    assert_eq!(score(&[0.49, 0.5, 17.0, -3.0]), 100.0);
    assert_eq!(score(&[0.5, 0.49, 1.0, 1.0]), 25.0);
    assert_eq!(score(&[f64::NAN, 1.0, 1.0, f64::NAN]), 50.0);
}

#[test]
fn a_constant_column_has_to_be_met_exactly() {
    let (_place, dataset) = table("a\n7\n7\n");
    assert_eq!(accuracy(&[7.0, 7.1], &dataset, Some("a")).unwrap(), 50.0);
}

#[test]
fn fewer_results_belong_to_the_last_rows() {
    let (_place, dataset) = table("a,b\n1000,1\n1,1\n2,1\n3,1\n");
    assert_eq!(accuracy(&[2.0, 3.0], &dataset, Some("a")).unwrap(), 100.0);
    // The range is that of the whole column, so anything near is right here.
    assert_eq!(accuracy(&[50.0, 60.0], &dataset, Some("a")).unwrap(), 50.0);
    let error = accuracy(&[1.0; 5], &dataset, Some("a")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the result has 5 values, but the table has only 4 rows; check it against the dataset \
         that was requested"
    );
}

#[test]
fn long_columns_are_compared_to_their_end() {
    let rows = 50_000;
    let numbers: Vec<_> = (0..rows).map(|row| row.to_string()).collect();
    let (_place, dataset) = table(&format!("a\n{}\n", numbers.join("\n")));
    let mut data: Vec<_> = (1..rows).map(f64::from).collect();
    assert_eq!(accuracy(&data, &dataset, Some("a")).unwrap(), 100.0);
    let last = data.len() - 1;
    data[last] = 0.0;
    let expected = last as f64 * 100.0 / data.len() as f64;
    assert_eq!(accuracy(&data, &dataset, Some("a")).unwrap(), expected);
}

#[test]
fn a_table_is_compared_with_a_column_it_has() {
    let (_place, dataset) = table("left,right\n1,2\n");
    let none = accuracy(&[1.0], &dataset, None).unwrap_err();
    assert!(matches!(none, ScoreError::NoColumn));
    let unknown = accuracy(&[1.0], &dataset, Some("rigth")).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "no column is called `rigth`; did you mean `right`? The columns are `left`, `right`"
    );
}
