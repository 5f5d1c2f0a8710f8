use hanami_dataset::{ClassScore, Classes, Dataset, NumberErrors, Score, ScoreError, score};
use proptest::prelude::*;

use crate::common::{Place, idx, small_mnist};

fn table(text: &str) -> (Place, Dataset) {
    let place = Place::new();
    place.csv(text).unwrap();
    let dataset = place.open();
    (place, dataset)
}

fn accuracy(data: &[f64], dataset: &Dataset, column: Option<&str>) -> Result<f64, ScoreError> {
    score(data, dataset, column).map(|score| score.accuracy)
}

/// Images with these labels.
fn labelled(labels: &[u8]) -> (Place, Dataset) {
    let place = Place::new();
    let count = labels.len() as u32;
    let images = idx(&[count, 1, 1], &vec![7; labels.len()]);
    place.mnist(&images, &idx(&[count], labels)).unwrap();
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

#[test]
fn classes_are_told_apart_in_a_matrix() {
    let (_place, dataset) = labelled(&[0, 0, 0, 1, 1, 2]);
    let data = [0.0, 0.0, 1.0, 1.0, 0.0, f64::NAN];
    let Score { accuracy, samples, invalid, classes, errors } =
        score(&data, &dataset, None).unwrap();
    assert_eq!((accuracy, samples, invalid, errors), (50.0, 6, 1, None));
    let Classes { confusion, scores } = classes.unwrap();
    assert_eq!(confusion.len(), 10);
    assert_eq!(confusion[0], [2, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(confusion[1], [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert!(confusion[2..].iter().flatten().all(|count| *count == 0));

    let expected = |label: &str, precision, recall, f1, support| ClassScore {
        label: label.to_owned(),
        precision,
        recall,
        f1,
        support,
    };
    let two_thirds = Some(2.0 / 3.0);
    assert_eq!(scores[0], expected("0", two_thirds, two_thirds, two_thirds, 3));
    assert_eq!(scores[1], expected("1", Some(0.5), Some(0.5), Some(0.5), 2));
    assert_eq!(scores[2], expected("2", None, Some(0.0), Some(0.0), 1));
    assert_eq!(scores[3], expected("3", None, None, None, 0));
}

#[test]
fn answers_that_are_no_class_are_invalid() {
    let (_place, dataset) = labelled(&[0, 1, 2, 3, 4, 5]);
    let data = [-1.0, 10.0, 2.5, f64::INFINITY, f64::NAN, 5.0];
    let found = score(&data, &dataset, None).unwrap();
    assert_eq!((found.samples, found.invalid), (6, 5));
    let classes = found.classes.unwrap();
    assert_eq!(classes.confusion.iter().flatten().sum::<u64>(), 1);
    assert!(classes.scores[..6].iter().all(|class| class.support == 1));
}

#[test]
fn categories_are_told_apart_by_their_texts() {
    let (_place, dataset) = table("a\npear\napple\npear\nfig\n");
    // In the order of the texts: apple, fig, pear. The first row has no result.
    let found = score(&[0.0, 1.0, 3.0], &dataset, Some("a")).unwrap();
    assert_eq!((found.samples, found.invalid, found.errors), (3, 1, None));
    let classes = found.classes.unwrap();
    assert_eq!(classes.confusion, [[1, 0, 0], [0, 0, 0], [0, 1, 0]]);
    let labels: Vec<_> = classes.scores.iter().map(|score| score.label.as_str()).collect();
    assert_eq!(labels, ["apple", "fig", "pear"]);
    assert_eq!(classes.scores[1].support, 1);
}

#[test]
fn errors_of_numbers_are_what_one_reckons_by_hand() {
    let (_place, dataset) = table("a,b\n3,1\n-0.5,1\n2,1\n7,1\n");
    let found = score(&[2.5, 0.0, 2.0, 8.0], &dataset, Some("a")).unwrap();
    assert_eq!((found.samples, found.invalid, found.classes), (4, 0, None));
    let NumberErrors { mae, rmse, r2 } = found.errors.unwrap();
    assert_eq!((mae, rmse), (Some(0.5), Some(0.375_f64.sqrt())));
    // 1 - 1.5 / 29.1875
    assert!((r2.unwrap() - 0.948_608_137).abs() < 1e-9, "{r2:?}");

    let constant = score(&[1.0, 2.0, 1.0, 1.0], &dataset, Some("b")).unwrap();
    let expected = NumberErrors { mae: Some(0.25), rmse: Some(0.5), r2: None };
    assert_eq!(constant.errors, Some(expected));
}

#[test]
fn results_that_are_not_finite_are_counted_apart() {
    let (_place, dataset) = table("a\n1\n2\n3\n4\n");
    let found = score(&[f64::NAN, 2.0, f64::INFINITY, 5.0], &dataset, Some("a")).unwrap();
    assert_eq!((found.accuracy, found.samples, found.invalid), (25.0, 4, 2));
    let expected = NumberErrors { mae: Some(0.5), rmse: Some(0.5_f64.sqrt()), r2: Some(0.5) };
    assert_eq!(found.errors, Some(expected));

    let none = score(&[f64::NAN; 4], &dataset, Some("a")).unwrap();
    assert_eq!(none.errors, Some(NumberErrors { mae: None, rmse: None, r2: None }));
}

#[test]
fn a_fit_far_from_zero_is_judged_by_its_spread() {
    let (_place, dataset) = table("a\n16777208\n16777210\n16777212\n16777214\n");
    let data = [16_777_209.0, 16_777_209.0, 16_777_213.0, 16_777_213.0];
    let errors = score(&data, &dataset, Some("a")).unwrap().errors.unwrap();
    assert_eq!(errors.r2, Some(0.8), "1 - 4 / 20");
}

proptest! {
    #[test]
    fn the_matrix_is_what_counting_one_by_one_gives(
        pairs in prop::collection::vec((0..12_u8, prop_oneof![
            4 => (0..14_u8).prop_map(f64::from),
            1 => Just(f64::NAN),
        ]), 1..60),
    ) {
        let (labels, data): (Vec<u8>, Vec<f64>) = pairs.into_iter().unzip();
        let (_place, dataset) = labelled(&labels);
        let found = score(&data, &dataset, None).unwrap();
        let classes = found.classes.unwrap();
        let count = |test: &dyn Fn(u8, f64) -> bool| {
            labels.iter().zip(&data).filter(|(label, answer)| test(**label, **answer)).count()
        };
        let names = 0..classes.confusion.len() as u8;
        for class in names.clone() {
            for answered in names.clone() {
                let expected = count(&|label, answer| label == class && answer == f64::from(answered));
                prop_assert_eq!(classes.confusion[usize::from(class)][usize::from(answered)], expected as u64);
            }
            let right = count(&|label, answer| label == class && answer == f64::from(class)) as f64;
            let answered = count(&|_, answer| answer == f64::from(class)) as f64;
            let support = count(&|label, _| label == class);
            let score = &classes.scores[usize::from(class)];
            prop_assert_eq!(score.support, support as u64);
            prop_assert_eq!(score.precision, (answered > 0.0).then(|| right / answered));
            prop_assert_eq!(score.recall, (support > 0).then(|| right / support as f64));
            if let (Some(precision), Some(recall)) = (score.precision, score.recall)
                && right > 0.0
            {
                let harmonic = 2.0 / (1.0 / precision + 1.0 / recall);
                prop_assert!((score.f1.unwrap() - harmonic).abs() < 1e-12);
            }
        }
        let in_matrix: u64 = classes.confusion.iter().flatten().sum();
        prop_assert_eq!(in_matrix + found.invalid, found.samples);
    }

    #[test]
    fn errors_are_what_two_passes_give(
        offset in -1e6..1e6_f32,
        pairs in prop::collection::vec((-100.0..100.0_f32, -200.0..200.0_f64), 2..60),
    ) {
        let pairs: Vec<(f64, f64)> = pairs
            .into_iter()
            .map(|(expected, result)| (f64::from(expected + offset), result + f64::from(offset)))
            .collect();
        let cells: Vec<_> = pairs.iter().map(|(expected, _)| expected.to_string()).collect();
        let (_place, dataset) = table(&format!("a\n{}\n", cells.join("\n")));
        let data: Vec<f64> = pairs.iter().map(|(_, result)| *result).collect();
        let found = score(&data, &dataset, Some("a")).unwrap().errors.unwrap();

        let count = pairs.len() as f64;
        let mean = pairs.iter().map(|(expected, _)| expected).sum::<f64>() / count;
        let total: f64 = pairs.iter().map(|(expected, _)| (expected - mean).powi(2)).sum();
        let left: f64 = pairs.iter().map(|(expected, result)| (expected - result).powi(2)).sum();
        let absolute: f64 = pairs.iter().map(|(expected, result)| (expected - result).abs()).sum();
        let near = |found: f64, expected: f64| (found - expected).abs() <= 1e-9 * expected.abs().max(1.0);
        prop_assert!(near(found.mae.unwrap(), absolute / count));
        prop_assert!(near(found.rmse.unwrap(), (left / count).sqrt()));
        if total > 1e-3 {
            let r2 = found.r2.unwrap();
            prop_assert!(near(r2, 1.0 - left / total), "{r2} {}", 1.0 - left / total);
        }
    }
}
