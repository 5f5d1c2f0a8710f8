//! Lines, keys and indentation.

use super::assert_shown;
use crate::template::Template;

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
fn first_line_behind_a_byte_order_mark() {
    let error = Template::parse("\u{feff}settings:\n").unwrap_err();
    let shown = r"
error: the version is missing; begin the template with `version: 1`
 --> template:1:1
  |
1 | settings:
  | ^^^^^^^^^
";
    assert_eq!(error.to_string(), shown.trim_matches('\n'));
}
