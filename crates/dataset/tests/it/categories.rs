//! Columns of texts, from the table to the score.

use hanami_dataset::{Column, CsvProblem, DatasetError, Element, score};

use crate::common::Place;

/// The categories of a column.
#[track_caller]
fn categories(text: &str, name: &str) -> Vec<String> {
    let place = Place::new();
    place.csv(text).unwrap();
    let dataset = place.open();
    dataset.verify().unwrap();
    let column = dataset.info().columns.iter().find(|column| column.name == name).unwrap();
    column.categories.clone()
}

fn problem(text: &str) -> (u64, Option<String>, CsvProblem) {
    let place = Place::new();
    let error = place.csv(text).unwrap_err();
    assert_eq!(place.files(), [""; 0]);
    let DatasetError::Csv { line, column, problem } = error else { panic!("{error}") };
    (line, column, problem)
}

#[test]
fn a_column_that_begins_with_text_holds_categories() {
    let place = Place::new();
    place.csv("size,colour,wet\n1,red,true\n2,blue,false\n3,red,true\n").unwrap();
    let dataset = place.open();
    let kinds: Vec<_> = dataset.info().columns.iter().map(|column| column.element).collect();
    assert_eq!(kinds, [Element::Number, Element::Category { count: 2 }, Element::Number]);
    let categorical: Vec<_> = dataset.info().columns.iter().map(Column::is_categorical).collect();
    assert_eq!(categorical, [false, true, false]);
}

#[test]
fn categories_do_not_depend_on_the_order_of_the_rows() {
    for text in ["a\nb\na\nc\n", "a\nc\nb\na\nb\n"] {
        assert_eq!(categories(text, "a"), ["a", "b", "c"]);
    }
}

#[test]
fn numbers_and_truth_among_texts_are_categories() {
    let text = "a\nred\n7\ntrue\nRed\n\"sea, deep\"\n";
    assert_eq!(categories(text, "a"), ["7", "Red", "red", "sea, deep", "true"]);
}

#[test]
fn a_missing_category_repeats_the_row_above() {
    let text = "a,b\nred,0\n,0\nblue,0\nnull,0\n";
    assert_eq!(categories(text, "a"), ["blue", "red"]);
    let place = Place::new();
    place.csv(text).unwrap();
    // blue 0, red 1
    assert_eq!(score(&[1.0, 1.0, 0.0, 0.0], &place.open(), Some("a")).unwrap().accuracy, 100.0);
    let (line, column, found) = problem("a,b\n,0\nred,0\n");
    assert_eq!((line, column.as_deref(), found), (2, Some("a"), CsvProblem::NothingToRepeat));
}

#[test]
fn results_for_a_categorical_column_are_compared_with_its_numbers() {
    let place = Place::new();
    place.csv("a\nx\ny\nz\nx\n").unwrap();
    let score = |data: &[f64]| score(data, &place.open(), Some("a")).unwrap().accuracy;
    assert_eq!(score(&[0.0, 1.0, 2.0, 0.0]), 100.0);
    assert_eq!(score(&[0.0, 1.2, f64::NAN, 1.0]), 25.0);
    assert_eq!(score(&[2.0, 0.0]), 100.0, "the last result belongs to the last row");
}

#[test]
fn categories_are_limited_in_number_and_length() {
    let rows = |count: usize| {
        let rows: Vec<_> = (0..count).map(|row| format!("c{row}\n")).collect();
        rows.concat()
    };
    assert_eq!(categories(&format!("a\n{}", rows(1024)), "a").len(), 1024);
    let (line, column, found) = problem(&format!("a\n{}", rows(1025)));
    assert_eq!((line, column.as_deref()), (1026, Some("a")));
    assert_eq!(found, CsvProblem::TooManyCategories { text: "c1024".into() });
    assert!(found.to_string().contains("1024"), "{found}");

    let long = "x".repeat(256);
    assert_eq!(categories(&format!("a\n{long}\n"), "a"), [long.as_str()]);
    let (line, _, found) = problem(&format!("a\nb\n{long}x\n"));
    assert!(matches!((line, &found), (3, CsvProblem::LongCategory { .. })), "{line} {found}");
}

#[test]
fn categories_are_limited_altogether() {
    let names: Vec<_> = (0..20).map(|column| format!("column{column}")).collect();
    let row = |row: usize| {
        let cells = (0..20).map(|_| format!("{row:0>250}x"));
        cells.collect::<Vec<_>>().join(",") + "\n"
    };
    let text = names.join(",") + "\n" + &(0..1000).map(row).collect::<String>();
    assert_eq!(problem(&text).2, CsvProblem::TooMuchText);
}
