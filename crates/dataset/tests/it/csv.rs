use std::io::{self, Cursor, Read, Seek, SeekFrom};

use hanami_dataset::{CsvProblem, DatasetError, Summary, convert_csv};
use hanami_disk::Disk;

use crate::common::{Place, column};

/// Converts a table of the column `a` and returns it.
#[track_caller]
fn column_a(text: &str) -> Vec<f32> {
    let place = Place::new();
    place.csv(text).unwrap();
    column(&place.open(), "a")
}

/// Converts and expects a mistake, which must leave no file behind.
#[track_caller]
fn assert_refused(text: impl AsRef<[u8]>, line: u64, column: Option<&str>, problem: CsvProblem) {
    let place = Place::new();
    let error = place.csv(text).unwrap_err();
    assert_eq!(place.files(), [""; 0]);
    match error {
        DatasetError::Csv { line: l, column: c, problem: p } => {
            assert_eq!((l, c.as_deref(), p), (line, column, problem));
        }
        error => panic!("{error}"),
    }
}

#[test]
fn converts_columns() {
    let place = Place::new();
    let summary = place.csv("a,b b,\"c,\"\"\"\n1,-2.5,3e2\n+4, 5 ,\"6\"\n").unwrap();
    let expected = Summary { rows: 2, inputs: 3, outputs: 3 };
    assert_eq!(summary, expected);
    let dataset = place.open();
    dataset.verify().unwrap();
    assert_eq!(dataset.info().summary(), expected);
    assert_eq!(column(&dataset, "a"), [1.0, 4.0]);
    assert_eq!(column(&dataset, "b b"), [-2.5, 5.0]);
    assert_eq!(column(&dataset, "c,\""), [300.0, 6.0]);
    assert_eq!(place.files(), ["dataset"]);
}

#[test]
fn truth_counts_as_one_and_zero() {
    let text = "a\ntrue\nFALSE\nTrue\n";
    assert_eq!(column_a(text), [1.0, 0.0, 1.0]);
}

#[test]
fn empty_cells_and_null_repeat_the_row_above() {
    let text = "a,b\n1,2\n,3\nnull,4\n5,NULL\n";
    assert_eq!(column_a(text), [1.0, 1.0, 1.0, 5.0]);
    let place = Place::new();
    place.csv(text).unwrap();
    assert_eq!(column(&place.open(), "b"), [2.0, 3.0, 4.0, 4.0]);
}

#[test]
fn line_ends_blank_lines_and_byte_order_marks_are_fine() {
    for text in [
        "a,b\n1,0\n2,0",
        "a,b\r\n1,0\r\n2,0\r\n",
        "\u{feff}a,b\n1,0\n2,0\n",
        "\n\na,b\n\n1,0\n\n\n2,0\n\n",
        "\"a\",\"b\"\n\"1\",\"0\"\n\"2\",\"0\"\n",
    ] {
        assert_eq!(column_a(text), [1.0, 2.0], "{text:?}");
    }
}

#[test]
fn a_table_larger_than_the_buffers_keeps_its_order() {
    let columns = 3000;
    let rows = 700;
    let names: Vec<_> = (0..columns).map(|column| format!("c{column}")).collect();
    let mut text = names.join(",");
    for row in 0..rows {
        let cells: Vec<_> =
            (0..columns).map(|column| (row * columns + column).to_string()).collect();
        text += "\n";
        text += &cells.join(",");
    }
    let place = Place::new();
    place.csv(text).unwrap();
    let dataset = place.open();
    dataset.verify().unwrap();
    for index in [0, 1, 1500, columns - 1] {
        let expected: Vec<_> = (0..rows).map(|row| (row * columns + index) as f32).collect();
        assert_eq!(column(&dataset, &names[index]), expected);
    }
}

#[test]
fn empty_files_are_refused() {
    assert_refused("", 1, None, CsvProblem::Empty);
    assert_refused("\n\r\n", 3, None, CsvProblem::Empty);
}

#[test]
fn tables_without_rows_are_refused() {
    assert_refused("a,b\n", 2, None, CsvProblem::NoRows);
}

#[test]
fn every_column_needs_a_name_of_its_own() {
    assert_refused("a,,c\n1,2,3\n", 1, Some("2"), CsvProblem::EmptyName);
    assert_refused("a,b, a\n1,2,3\n", 1, Some("a"), CsvProblem::DuplicateName { first: 1 });
    let long = "n".repeat(257);
    assert_refused(format!("a,{long}\n1,2\n"), 1, Some("2"), CsvProblem::InvalidName);
    assert_refused("a,\"b\nc\"\n1,2\n", 1, Some("2"), CsvProblem::InvalidName);
}

#[test]
fn names_that_no_brick_could_have_are_refused() {
    for name in ["#b", " # b", "b #1", "\"b, #1\""] {
        assert_refused(format!("a,{name}\n1,2\n"), 1, Some("2"), CsvProblem::CommentInName);
    }
    Place::new().csv("a#1,b.#\n1,2\n").unwrap();
}

#[test]
fn ragged_rows_are_refused() {
    let expected = 2;
    assert_refused(
        "a,b\n1,2\n\n3\n",
        4,
        None,
        CsvProblem::RaggedRow { expected, found: 1, lines: 1 },
    );
    assert_refused(
        "a,b\r\n1,2,3\r\n",
        2,
        None,
        CsvProblem::RaggedRow { expected, found: 3, lines: 1 },
    );
}

#[test]
fn the_line_counts_line_ends_within_quotes() {
    let problem = CsvProblem::NotANumber { text: "x".into() };
    assert_refused("a,b\n\"1\n\n\",2\n3,x\n", 5, Some("b"), problem.clone());
    assert_refused("a,b\n1,0\n1,\"\nx\"\n3,4\n", 3, Some("b"), problem);
}

#[test]
fn every_kind_of_line_end_is_counted_once() {
    let problem = CsvProblem::NotANumber { text: "x".into() };
    for end in ["\n", "\r", "\r\n"] {
        let text = "a,b@1,2@@\"3@\",4@x,5@".replace('@', end);
        assert_refused(text, 6, Some("a"), problem.clone());
        // Longer than the buffer, so that a pair of bytes is split.
        for rows in 16_382..16_386 {
            let text = format!("a{end}{}x{end}", format!("12{end}").repeat(rows));
            assert_refused(text, rows as u64 + 2, Some("a"), problem.clone());
        }
    }
}

#[test]
fn text_below_a_number_is_refused() {
    let not_a_number = |text: &str| CsvProblem::NotANumber { text: text.into() };
    assert_refused("a,b\n1,2\n3,four\n", 3, Some("b"), not_a_number("four"));
    let long = "x".repeat(1000);
    assert_refused(
        format!("a\n1\n{long}\n"),
        3,
        Some("a"),
        not_a_number(&format!("{}...", &long[..40])),
    );
    let message = Place::new().csv("a,b\n1,1\n1,1;5\n").unwrap_err().to_string();
    assert_eq!(
        message,
        "line 3, column `b`: `1;5` is not a number; write one like `-1.5` or `2e3`, `true`, \
         `false`, or leave the cell empty to repeat the one above"
    );
}

#[test]
fn numbers_that_are_not_finite_are_refused() {
    for text in ["inf", "-Infinity", "NaN", "1e39"] {
        let problem = CsvProblem::NotFinite { text: text.into() };
        assert_refused(format!("a\n{text}\n"), 2, Some("a"), problem);
    }
}

#[test]
fn the_first_row_has_nothing_to_repeat() {
    for text in ["a,b\n1,\n2,3\n", "a,b\n1,null\n2,3\n"] {
        assert_refused(text, 2, Some("b"), CsvProblem::NothingToRepeat);
    }
}

#[test]
fn other_encodings_are_refused() {
    assert_refused(b"a,b\n1,\xff\n", 2, Some("b"), CsvProblem::InvalidUtf8);
    assert_refused(b"a,\xe4\n1,2\n", 1, Some("2"), CsvProblem::InvalidUtf8);
}

#[test]
fn as_many_columns_as_the_limit_are_taken() {
    let table = |columns: usize| {
        let names: Vec<_> = (0..columns).map(|index| index.to_string()).collect();
        format!("{0}\n{0}\n", names.join(","))
    };
    assert_eq!(Place::new().csv(table(4096)).unwrap().inputs, 4096);
    for columns in [4097, 4098, 10_000] {
        assert_refused(table(columns), 1, None, CsvProblem::TooManyColumns);
    }
}

#[test]
fn a_quote_that_stays_open_is_refused() {
    let text = format!("a,b\n1,2\n\"{}", "3,4\n".repeat(300_000));
    let limit = 1 << 20;
    assert_refused(text, 3, None, CsvProblem::RowTooLong { limit });
}

#[test]
fn a_quote_that_is_open_at_the_end_is_refused() {
    for text in ["a,b\n1,2\n\"3,4\n5,6\n", "a,b\n1,2\n3,\"4", "a,b\n1,2\n3,\"4\"\"\n"] {
        assert_refused(text, 3, None, CsvProblem::OpenQuote);
    }
    assert_refused("a,\"b\n1,2\n", 1, None, CsvProblem::OpenQuote);
    Place::new().csv("a,b\n1,\"2\"").unwrap();
}

#[test]
fn a_quote_that_swallows_lines_is_named() {
    let message = Place::new().csv("a,b\n\"1,2\n3,4\n5,6\"\n7,8\n").unwrap_err().to_string();
    assert_eq!(
        message,
        "line 2: the row has 1 cells instead of 2; quotes make it 3 lines long: is there one that \
         is not closed?"
    );
}

/// A file that someone writes to: each time it is read from its beginning, it is the next text.
struct Changing {
    texts: Vec<&'static str>,
    now: Cursor<&'static str>,
}

impl Read for Changing {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.now.read(bytes)
    }
}

impl Seek for Changing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.now = Cursor::new(self.texts.remove(0));
        self.now.seek(to)
    }
}

#[test]
fn a_file_that_changes_meanwhile_is_refused() {
    for other in ["a,b\n1,2\n", "a,b\n1,2\n3,4\n5,6\n", "a,c\n1,2\n3,4\n", "a\n1\n2\n"] {
        let place = Place::new();
        let changing = Changing { texts: vec!["a,b\n1,2\n3,4\n", other], now: Cursor::default() };
        let error = convert_csv(changing, &Disk::real(), &place.out()).unwrap_err();
        assert!(matches!(error, DatasetError::InputChanged), "{error}");
        assert_eq!(place.files(), [""; 0]);
    }
}
