//! Asking and teaching.

use serde_json::Value;

use crate::common::Site;

const ADDER: &str = "\
version: 1
bricks:
    1,1,1
        input: left
        number_of_neurons: 2
    1,2,1
        input: right
        number_of_neurons: 1
    2,1,1
        number_of_neurons: 16
    3,1,1
        output: total
        number_of_neurons: 1
";

fn adder(site: &Site) {
    let template = site.file("adder.template", ADDER);
    site.admin().ok(&["cluster", "create", "-t", &template, "adder"]);
}

fn lines(printed: &str) -> Vec<Value> {
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn samples_come_from_arguments_files_and_stdin() {
    let site = Site::start();
    adder(&site);
    let admin = || site.admin();
    assert_eq!(admin().json(&["learn", "adder", "1", "2", "3", "-6"])["steps"], 1);
    let csv = site.file("sums.csv", "left.0,left.1,right,total\n1,2,3,6\n1,,true,2\n\n");
    assert_eq!(admin().json(&["learn", "adder", "-f", &csv])["steps"], 3);
    let json = r#"{"inputs": {"left": [1, 2], "right": [null]}, "outputs": [3]}"#;
    assert_eq!(admin().input(json).json(&["learn", "adder", "-"])["steps"], 4);

    let by_arguments = admin().json(&["predict", "adder", "1", "2", "3"]);
    let values = by_arguments["outputs"]["total"].as_array().unwrap();
    assert_eq!(values.len(), 1);
    let csv = admin().input("1,2,3\n").json(&["predict", "adder", "-"]);
    let json = r#"{"left": [1, 2], "right": [3]}"#;
    let json = admin().input(json).json(&["predict", "adder", "-f", "-"]);
    assert_eq!((&csv, &json), (&by_arguments, &by_arguments));
    let shown = admin().ok(&["predict", "adder", "1", "2", "3"]);
    assert!(shown.contains("total") && shown.contains("highest"), "{shown}");
}

#[test]
fn many_samples_are_answered_line_by_line_whatever_the_batch() {
    let site = Site::start();
    adder(&site);
    let rows: Vec<_> = (0..25).map(|row| format!("{row},1,2")).collect();
    let taught: Vec<_> = (0..25).map(|row| format!("{row},1,2,{}", row + 3)).collect();
    let steps =
        site.admin().input(taught.join("\n")).json(&["learn", "adder", "-", "--batch", "10"]);
    assert_eq!(steps["steps"], 25);
    let ask = |batch: &str| {
        let arguments = ["--json", "predict", "adder", "--batch", batch, "-"];
        lines(&site.admin().input(rows.join("\n")).ok(&arguments))
    };
    let answers = ask("500");
    assert_eq!(answers.len(), 25);
    assert_eq!(ask("4"), answers);
    assert_ne!(answers[0], answers[24]);
}

#[test]
fn bricks_may_differ_from_line_to_line() {
    let site = Site::start();
    adder(&site);
    let input = "{\"left\": [1, 2]}\n1,2,3\n{\"right\": [3]}\n";
    let arguments = ["--json", "predict", "adder", "-"];
    assert_eq!(lines(&site.admin().input(input).ok(&arguments)).len(), 3);
}

#[test]
fn a_mistake_is_told_with_its_line_and_what_was_learned_before() {
    let site = Site::start();
    adder(&site);
    let told = site.admin().fails(2, &["predict", "adder", "1", "2"]);
    assert!(told.contains("3 values are needed (left 2, right 1), not 2"), "{told}");
    let input = "1,2,3,4\n1,2,3,4\n1,2,x,4\n";
    let told = site.admin().input(input).fails(2, &["learn", "adder", "-", "--batch", "1"]);
    assert!(told.contains("stdin, line 3: `x` is no number"), "{told}");
    assert!(told.contains("2 samples before that were learned"), "{told}");
    let told = site.admin().fails(1, &["predict", "adder", "-f", "no/such/file"]);
    assert!(told.contains("can't read no/such/file"), "{told}");
    site.admin().fails(2, &["predict", "adder"]);
}

#[test]
fn an_answer_is_explained_by_its_inputs() {
    let site = Site::start();
    adder(&site);
    let admin = || site.admin();
    let sums: Vec<_> =
        (0..200).map(|i| format!("{},{},1,{}", i % 7, i % 3, i % 7 + i % 3 + 1)).collect();
    admin().input(sums.join("\n")).ok(&["learn", "adder", "-"]);
    let explained = admin().json(&["cluster", "explain", "adder", "6", "0", "1"]);
    let left = explained["contributions"]["left"].as_array().unwrap();
    assert!(left[0].as_f64().unwrap() != 0.0 && left[1] == 0.0, "{explained}");
    let asked = admin().json(&["predict", "adder", "6", "0", "1"]);
    assert_eq!(explained["answer"], asked["outputs"]["total"][0]);
    let one =
        ["cluster", "explain", "adder", "-", "--output", "total", "--index", "0", "--most", "1"];
    let shown = admin().input("6,2,1\n").ok(&one);
    let inputs =
        ["left.0", "left.1", "right.0"].iter().filter(|name| shown.contains(*name)).count();
    assert!(inputs == 1 && shown.contains("contribution") && shown.contains("total.0"), "{shown}");

    let two = admin().input("6,2,1\n6,2,1\n").fails(2, &["cluster", "explain", "adder", "-"]);
    assert!(two.contains("one sample"), "{two}");
    admin().input("").fails(2, &["cluster", "explain", "adder", "-"]);
    let told = admin().fails(1, &["cluster", "explain", "adder", "1", "2", "3", "-o", "left"]);
    assert!(told.contains("no output brick"), "{told}");
}
