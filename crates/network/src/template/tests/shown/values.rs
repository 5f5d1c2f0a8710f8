//! Values of entries.

use super::assert_shown;

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
fn name_like_a_comment() {
    assert_shown(
        "input: a",
        "input:#a",
        r"
error: a name can't begin with `#`, which begins a comment; give the brick another name
 --> template:4:15
  |
4 |         input:#a
  |               ^^
",
    );
}

#[test]
fn rate_out_of_range() {
    for (rate, caret) in [("0.001", "^^^^^"), ("101", "^^^"), ("NaN", "^^^"), ("inf", "^^^")] {
        assert_shown(
            "bricks:",
            &format!("settings:\n    inner_learning_rate: {rate}\nbricks:"),
            &format!(
                r"
error: inner_learning_rate has to be a number between 0.01 and 100, but is {rate}
 --> template:3:26
  |
3 |     inner_learning_rate: {rate}
  |                          {caret}
"
            ),
        );
    }
}

#[test]
fn misspelled_rate() {
    assert_shown(
        "bricks:",
        "settings:\n    output_learning: 2\nbricks:",
        r"
error: unknown key `output_learning` in settings; did you mean `output_learning_rate`?
 --> template:3:5
  |
3 |     output_learning: 2
  |     ^^^^^^^^^^^^^^^
",
    );
}

#[test]
fn threshold_above_one() {
    assert_shown(
        "bricks:",
        "settings:\n    error_threshold: 1.1\nbricks:",
        r"
error: error_threshold has to be a number between 0 and 1, but is 1.1
 --> template:3:22
  |
3 |     error_threshold: 1.1
  |                      ^^^
",
    );
}

#[test]
fn threshold_that_is_no_number() {
    assert_shown(
        "bricks:",
        "settings:\n    error_threshold: 20%\nbricks:",
        r"
error: error_threshold has to be a number like `1.5`, but is `20%`
 --> template:3:22
  |
3 |     error_threshold: 20%
  |                      ^^^
",
    );
}

#[test]
fn window_of_zero() {
    assert_shown(
        "bricks:",
        "settings:\n    averaging_window: 0\nbricks:",
        r"
error: averaging_window has to be between 1 and 1000000000, but is 0
 --> template:3:23
  |
3 |     averaging_window: 0
  |                       ^
",
    );
}

#[test]
fn patience_of_zero() {
    assert_shown(
        "bricks:",
        "settings:\n    growth_patience: 0\nbricks:",
        r"
error: growth_patience has to be between 1 and 1000000, but is 0
 --> template:3:22
  |
3 |     growth_patience: 0
  |                      ^
",
    );
}

#[test]
fn unknown_kind_of_output() {
    assert_shown(
        "output: b",
        "output: b\n        kind: number",
        r"
error: kind has to be `class` or `value`, but is `number`; or leave it out: the targets tell
 --> template:8:15
  |
8 |         kind: number
  |               ^^^^^^
",
    );
}

#[test]
fn kind_of_an_input() {
    assert_shown(
        "input: a",
        "input: a\n        kind: value",
        r"
error: only an output brick has a kind; remove it, or add `output: <name>` to the brick
 --> template:5:9
  |
5 |         kind: value
  |         ^^^^
",
    );
}
