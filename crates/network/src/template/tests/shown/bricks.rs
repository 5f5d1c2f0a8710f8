//! Bricks that do not fit together, and limits.

use super::{MINIMAL, assert_shown};
use crate::template::{ErrorKind, Limits, Template};

#[test]
fn duplicate_name() {
    assert_shown(
        "output: b",
        "output: a",
        r"
error: the brick in line 4 has the same name; give every brick its own
 --> template:7:17
  |
7 |         output: a
  |                 ^
",
    );
}

#[test]
fn duplicate_position() {
    assert_shown(
        "2,1,1",
        "1,1,1",
        r"
error: there is already a brick at 1,1,1, in line 3; move one of the two
 --> template:6:5
  |
6 |     1,1,1
  |     ^^^^^
",
    );
}

#[test]
fn input_and_output() {
    assert_shown(
        "input: a",
        "input: a\n        output: c",
        r"
error: a brick is either an input or an output; make two bricks of it
 --> template:5:9
  |
5 |         output: c
  |         ^^^^^^
",
    );
}

#[test]
fn no_input() {
    assert_shown(
        "        input: a\n",
        "",
        r"
error: no brick is an input; add `input: <name>` to the brick that takes the values
 --> template:2:1
  |
2 | bricks:
  | ^^^^^^
",
    );
}

#[test]
fn no_output() {
    assert_shown(
        "        output: b\n",
        "",
        r"
error: no brick is an output; add `output: <name>` to the brick that gives the values
 --> template:2:1
  |
2 | bricks:
  | ^^^^^^
",
    );
}

#[test]
fn isolated_brick() {
    assert_shown(
        "2,1,1",
        "9,9,9",
        r"
error: the brick at 1,1,1 touches no other brick; move it next to one, for example to 8,9,9
 --> template:3:5
  |
3 |     1,1,1
  |     ^^^^^
",
    );
}

#[test]
fn missing_bricks() {
    let error = Template::parse("version: 1\nsettings:\n").unwrap_err();
    let shown = r"
error: the `bricks:` block is missing; add it with at least one input and one output brick
 --> template:1:1
  |
1 | version: 1
  | ^^^^^^^^^^
";
    assert_eq!(error.to_string(), shown.trim_matches('\n'));
}

#[test]
fn empty_text() {
    let error = Template::parse("").unwrap_err();
    let shown = r"
error: the version is missing; begin the template with `version: 1`
 --> template:1:1
  |
1 |
  | ^
";
    assert_eq!(error.to_string(), shown.trim_matches('\n'));
}

#[test]
fn too_long_text() {
    let error = Template::parse(&" ".repeat(70_000)).unwrap_err();
    assert_eq!(error.message(), "the template has 70000 bytes; at most 65536 are allowed");
}

#[test]
fn too_many_bricks() {
    let error = Template::parse_with(MINIMAL, &Limits { bricks: 1, ..Limits::default() });
    let shown = r"
error: there are more than 1 bricks; remove some
 --> template:6:5
  |
6 |     2,1,1
  |     ^^^^^
";
    assert_eq!(error.unwrap_err().to_string(), shown.trim_matches('\n'));
}

#[test]
fn too_many_neurons() {
    let error = Template::parse_with(MINIMAL, &Limits { neurons: 4, ..Limits::default() });
    let shown = r"
error: up to this brick there are 5 neurons; all bricks together may have 4
 --> template:6:5
  |
6 |     2,1,1
  |     ^^^^^
";
    assert_eq!(error.unwrap_err().to_string(), shown.trim_matches('\n'));
}

#[test]
fn long_line() {
    let text = MINIMAL.replace("version: 1", &format!("version: {}", "1".repeat(500)));
    let shown = Template::parse(&text).unwrap_err().to_string();
    assert!(shown.lines().all(|line| line.chars().count() < 200), "{shown}");
}

#[test]
fn unreached_output() {
    assert_shown(
        "    2,1,1",
        "    2,1,1\n        output: c\n        number_of_neurons: 1\n    3,1,1",
        r"
error: no input reaches the output `b`: put bricks between them or raise max_connection_distance
 --> template:9:5
  |
9 |     3,1,1
  |     ^^^^^
",
    );
}

#[test]
fn too_many_connections() {
    // A row of bricks, all within reach of each other.
    for (bricks, neurons, message) in [
        (500, 1, "too many are within reach of each other"),
        (255, 1000, "too many neurons are within reach of too many bricks"),
    ] {
        let settings = "settings:\n    max_connection_distance: 999\nbricks:";
        let more =
            (3..=bricks).map(|x| format!("    {x},1,1\n        number_of_neurons: {neurons}\n"));
        let text = MINIMAL.replace("bricks:", settings) + &more.collect::<Vec<_>>().concat();
        let limits = Limits { bricks, neurons: 1 << 20, ..Limits::default() };
        let error = Template::parse_with(&text, &limits).unwrap_err();
        let ErrorKind::Build(cause) = error.kind() else { panic!("{error}") };
        let position = cause.position().unwrap().to_string();
        assert_eq!(text.lines().nth(error.line() - 1).unwrap(), format!("    {position}"));
        assert_eq!(error.column(), 5);
        assert!(error.message().contains(&format!("{position} {message}")), "{error}");
    }
}

#[test]
fn brick_that_leads_to_no_output() {
    assert_shown(
        "    2,1,1",
        "    1,3,1\n        number_of_neurons: 1\n    1,2,1\n        number_of_neurons: 1\n    2,1,1",
        r"
error: the brick at 1,3,1 leads to no output: move it, for example to 1,1,2, or raise max_connection_distance to 2
 --> template:6:5
  |
6 |     1,3,1
  |     ^^^^^
",
    );
}

#[test]
fn brick_that_no_input_reaches() {
    // Only through the output, which sends no signals on.
    assert_shown(
        "number_of_neurons: 3\n",
        "number_of_neurons: 3\n    3,1,1\n        number_of_neurons: 1",
        r"
error: no input reaches the brick at 3,1,1: move it, for example to 1,2,1, or raise max_connection_distance to 2
 --> template:9:5
  |
9 |     3,1,1
  |     ^^^^^
",
    );
}

#[test]
fn input_that_leads_to_no_output() {
    let far = "    9,9,1\n        input: c\n        number_of_neurons: 1\n    9,8,1\n        input: d\n        number_of_neurons: 1\n";
    assert_shown(
        "    2,1,1",
        &format!("{far}    2,1,1"),
        r"
error: the input `c` leads to no output: move it, for example to 1,2,1
 --> template:6:5
  |
6 |     9,9,1
  |     ^^^^^
",
    );
}
