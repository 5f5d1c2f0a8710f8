//! What a user sees for each kind of mistake.

use super::MINIMAL;
use crate::template::{Limits, Template};

/// Parses `MINIMAL` with `from` replaced, and compares what the user sees.
#[track_caller]
fn assert_shown(from: &str, to: &str, shown: &str) {
    assert!(MINIMAL.contains(from));
    let error = Template::parse(&MINIMAL.replacen(from, to, 1)).unwrap_err();
    assert_eq!(error.to_string(), shown.trim_matches('\n'));
}

#[test]
fn missing_version() {
    assert_shown(
        "version: 1\n",
        "",
        r"
error: the version is missing; begin the template with `version: 1`
 --> template:1:1
  |
1 | bricks:
  | ^^^^^^^
",
    );
}

#[test]
fn unsupported_version() {
    assert_shown(
        "version: 1",
        "version: 2",
        r"
error: version `2` is not supported; write `version: 1`
 --> template:1:10
  |
1 | version: 2
  |          ^
",
    );
}

#[test]
fn tab() {
    assert_shown(
        "1,1,1",
        "\t1,1,1",
        r"
error: tabs are not allowed; use spaces instead
 --> template:3:5
  |
3 |         1,1,1
  |     ^^^^
",
    );
}

#[test]
fn malformed_line() {
    assert_shown(
        "input: a",
        "input a",
        r"
error: expected `key: value`, or the position of a brick like `1,2,3`
 --> template:4:9
  |
4 |         input a
  |         ^^^^^^^
",
    );
}

#[test]
fn position_with_colon() {
    assert_shown(
        "1,1,1",
        "1,1,1:",
        r"
error: a position has no colon after it; remove the `:`
 --> template:3:5
  |
3 |     1,1,1:
  |     ^^^^^^
",
    );
}

#[test]
fn malformed_position() {
    assert_shown(
        "1,1,1",
        "1,1",
        r"
error: a position has three numbers x,y,z like `1,2,3`, but here are 2
 --> template:3:5
  |
3 |     1,1
  |     ^^^
",
    );
}

#[test]
fn coordinate_of_zero() {
    assert_shown(
        "1,1,1",
        "0,1,1",
        r"
error: a coordinate has to be between 1 and 1000000, but is 0
 --> template:3:5
  |
3 |     0,1,1
  |     ^
",
    );
}

#[test]
fn coordinate_that_is_no_number() {
    assert_shown(
        "1,1,1",
        "a,1,1",
        r"
error: a coordinate has to be a whole number, but is `a`
 --> template:3:5
  |
3 |     a,1,1
  |     ^
",
    );
}

#[test]
fn entry_below_a_value() {
    assert_shown(
        "input: a",
        "input: a\n            more: 1",
        r"
error: this line is indented further than `input` above it, which opens no block; align them
 --> template:5:13
  |
5 |             more: 1
  |             ^^^^^^^
",
    );
}

#[test]
fn uneven_indentation() {
    assert_shown(
        "    2,1,1",
        "  2,1,1",
        r"
error: indented by 2 spaces, unlike the lines above; align it with one of them: 0 or 4 or 8 spaces
 --> template:6:3
  |
6 |   2,1,1
  |   ^^^^^
",
    );
}

#[test]
fn misspelled_key() {
    assert_shown(
        "number_of_neurons",
        "number_of_neuron",
        r"
error: unknown key `number_of_neuron` in a brick; did you mean `number_of_neurons`?
 --> template:5:9
  |
5 |         number_of_neuron: 2
  |         ^^^^^^^^^^^^^^^^
",
    );
}

#[test]
fn unknown_key() {
    assert_shown(
        "version: 1",
        "version: 1\ncolor: red",
        r"
error: unknown key `color` in the template; it takes version, settings, bricks
 --> template:2:1
  |
2 | color: red
  | ^^^^^
",
    );
}

#[test]
fn duplicate_key() {
    assert_shown(
        "version: 1",
        "version: 1\nversion: 1",
        r"
error: `version` is already given in line 1; remove one of the two
 --> template:2:1
  |
2 | version: 1
  | ^^^^^^^
",
    );
}

#[test]
fn position_outside_of_bricks() {
    assert_shown(
        "input: a",
        "4,5,6",
        r"
error: positions belong into the `bricks:` block; a brick takes entries like `key: value`
 --> template:4:9
  |
4 |         4,5,6
  |         ^^^^^
",
    );
}

#[test]
fn entry_instead_of_position() {
    assert_shown(
        "1,1,1",
        "brick: 1",
        r"
error: expected the position of a brick like `1,2,3`; a brick's entries are indented below it
 --> template:3:5
  |
3 |     brick: 1
  |     ^^^^^^^^
",
    );
}

#[test]
fn missing_value() {
    assert_shown(
        "input: a",
        "input:",
        r"
error: `input` has no value; write it behind the colon
 --> template:4:9
  |
4 |         input:
  |         ^^^^^
",
    );
}

#[test]
fn value_of_a_block() {
    assert_shown(
        "bricks:",
        "bricks: 2",
        r"
error: `bricks:` takes no value; its entries follow in lines of their own, indented
 --> template:2:9
  |
2 | bricks: 2
  |         ^
",
    );
}

#[test]
fn missing_number_of_neurons() {
    assert_shown(
        "        number_of_neurons: 2\n",
        "",
        r"
error: the brick at 1,1,1 has no `number_of_neurons`; add it indented below the position
 --> template:3:5
  |
3 |     1,1,1
  |     ^^^^^
",
    );
}

#[test]
fn number_that_is_none() {
    assert_shown(
        "neurons: 2",
        "neurons: many",
        r"
error: number_of_neurons has to be a whole number, but is `many`
 --> template:5:28
  |
5 |         number_of_neurons: many
  |                            ^^^^
",
    );
}

#[test]
fn zero_neurons() {
    assert_shown(
        "neurons: 2",
        "neurons: 0",
        r"
error: number_of_neurons has to be between 1 and 65536, but is 0
 --> template:5:28
  |
5 |         number_of_neurons: 0
  |                            ^
",
    );
}

#[test]
fn too_many_neurons_in_a_brick() {
    assert_shown(
        "neurons: 2",
        "neurons: 99999999999999999999999",
        r"
error: number_of_neurons has to be between 1 and 65536, but is 99999999999999999999999
 --> template:5:28
  |
5 |         number_of_neurons: 99999999999999999999999
  |                            ^^^^^^^^^^^^^^^^^^^^^^^
",
    );
}

#[test]
fn cooldown_that_is_no_number() {
    assert_shown(
        "bricks:",
        "settings:\n    neuron_cooldown: fast\nbricks:",
        r"
error: neuron_cooldown has to be a number like `1.5`, but is `fast`
 --> template:3:22
  |
3 |     neuron_cooldown: fast
  |                      ^^^^
",
    );
}

#[test]
fn cooldown_below_one() {
    assert_shown(
        "bricks:",
        "settings:\n    neuron_cooldown: 0.5\nbricks:",
        r"
error: neuron_cooldown has to be at least 1 and finite, but is 0.5
 --> template:3:22
  |
3 |     neuron_cooldown: 0.5
  |                      ^^^
",
    );
}

#[test]
fn cooldown_that_is_not_finite() {
    assert_shown(
        "bricks:",
        "settings:\n    neuron_cooldown: 1e39\nbricks:",
        r"
error: neuron_cooldown has to be at least 1 and finite, but is 1e39
 --> template:3:22
  |
3 |     neuron_cooldown: 1e39
  |                      ^^^^
",
    );
}

#[test]
fn refractory_time_of_zero() {
    assert_shown(
        "bricks:",
        "settings:\n    refractory_time: 0\nbricks:",
        r"
error: refractory_time has to be between 1 and 4294967295, but is 0
 --> template:3:22
  |
3 |     refractory_time: 0
  |                      ^
",
    );
}

#[test]
fn negative_distance() {
    assert_shown(
        "bricks:",
        "settings:\n    max_connection_distance: -1\nbricks:",
        r"
error: max_connection_distance has to be between 1 and 4294967295, but is -1
 --> template:3:30
  |
3 |     max_connection_distance: -1
  |                              ^^
",
    );
}

#[test]
fn reduction_that_is_neither_true_nor_false() {
    assert_shown(
        "bricks:",
        "settings:\n    enable_reduction: yes\nbricks:",
        r"
error: enable_reduction has to be `true` or `false`, but is `yes`
 --> template:3:23
  |
3 |     enable_reduction: yes
  |                       ^^^
",
    );
}

#[test]
fn too_much_experience() {
    assert_shown(
        "bricks:",
        "settings:\n    experience: 1000001\nbricks:",
        r"
error: experience has to be between 0 and 1000000, but is 1000001
 --> template:3:17
  |
3 |     experience: 1000001
  |                 ^^^^^^^
",
    );
}

#[test]
fn name_with_a_control_character() {
    assert_shown(
        "input: a",
        "input: a\0b",
        r"
error: a name has 1 to 256 characters, none of them a control character
 --> template:4:16
  |
4 |         input: a␀b
  |                ^^^
",
    );
}

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
