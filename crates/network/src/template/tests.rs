mod shown;

use proptest::prelude::*;

use super::{Brick, BrickKind, ErrorKind, Limits, OutputKind, Position, Settings, Template};
use crate::Network;

const MINIMAL: &str = "\
version: 1
bricks:
    1,1,1
        input: a
        number_of_neurons: 2
    2,1,1
        output: b
        number_of_neurons: 3
";

fn brick(x: u32, kind: BrickKind, neurons: u32) -> Brick {
    Brick { position: Position { x, y: 1, z: 1 }, kind, neurons }
}

fn output(name: &str, kind: Option<OutputKind>) -> BrickKind {
    BrickKind::Output { name: name.to_owned(), kind }
}

fn minimal() -> Template {
    Template {
        settings: Settings::default(),
        bricks: vec![brick(1, BrickKind::Input("a".into()), 2), brick(2, output("b", None), 3)],
    }
}

#[test]
fn reads_every_entry() {
    let text = "\
version: 1
settings:
    neuron_cooldown: 1.5
    refractory_time: 2
    max_connection_distance: 3
    enable_reduction: true
    experience: 0
    seed: 18446744073709551615
    inner_learning_rate: 0.5
    output_learning_rate: 100
    error_threshold: 1e-3
    averaging_window: 1000000000
    growth_patience: 1
bricks:
    1,1,1
        input: test input
        number_of_neurons: 784
    2,1,1
        number_of_neurons: 400
    3,1,1
        output: test_output
        kind: class
        number_of_neurons: 10
";
    let expected = Template {
        settings: Settings {
            neuron_cooldown: 1.5,
            refractory_time: 2,
            max_connection_distance: 3,
            enable_reduction: true,
            experience: 0,
            seed: u64::MAX,
            inner_learning_rate: 0.5,
            output_learning_rate: 100.0,
            error_threshold: 1e-3,
            averaging_window: 1_000_000_000,
            growth_patience: 1,
        },
        bricks: vec![
            brick(1, BrickKind::Input("test input".into()), 784),
            brick(2, BrickKind::Inner, 400),
            brick(3, output("test_output", Some(OutputKind::Class)), 10),
        ],
    };
    assert_eq!(Template::parse(text).unwrap(), expected);
}

#[test]
fn settings_have_defaults() {
    assert_eq!(Template::parse(MINIMAL).unwrap(), minimal());
    let with_empty_block = MINIMAL.replace("bricks:", "settings:\nbricks:");
    assert_eq!(Template::parse(&with_empty_block).unwrap(), minimal());
    let with_one =
        MINIMAL.replace("bricks:", "settings:\n  neuron_cooldown: 100000000000.0\nbricks:");
    assert_eq!(Template::parse(&with_one).unwrap(), minimal());
}

#[test]
fn layout_is_free() {
    let windows = MINIMAL.replace('\n', "\r\n");
    let trailing = MINIMAL.replace('\n', "   \n");
    let blank = MINIMAL.replace('\n', "\n  \n\n");
    let comments = MINIMAL.replace('\n', "\t# why: 1,2,3\n# and more\n");
    let shallow = MINIMAL.replace("    ", " ");
    let pasted = format!("  {}", MINIMAL.trim_end().replace('\n', "\n  "));
    let marked = format!("\u{feff}{MINIMAL}");
    let spaced = MINIMAL.replace("1,1,1", "1 , 1,  1").replace(": ", "  :   ");
    let unspaced = MINIMAL.replace(": ", ":");
    let (version, bricks) = MINIMAL.split_once('\n').unwrap();
    let reordered = format!("{bricks}{version}");
    for text in
        [windows, trailing, blank, comments, shallow, pasted, marked, spaced, unspaced, reordered]
    {
        assert_eq!(Template::parse(&text).unwrap(), minimal(), "{text}");
    }
}

#[test]
fn names_may_be_those_of_table_columns() {
    for name in ["x", "Temp (°C), mean", "a#1", "ratio: a/b", "-", &"n".repeat(256)] {
        let template = Template::parse(&MINIMAL.replace("input: a", &format!("input: {name}")));
        assert_eq!(template.unwrap().bricks[0].kind, BrickKind::Input(name.into()));
    }
}

#[test]
fn error_tells_its_place_in_characters() {
    let error = Template::parse("version: 1\nbricks:\n  1,ö1,1\n").unwrap_err();
    assert_eq!((error.line(), error.column()), (3, 5));
    assert_eq!(error.message(), "a coordinate has to be a whole number, but is `ö1`");
    assert!(matches!(error.kind(), ErrorKind::NotAWholeNumber { .. }));
}

#[test]
fn limits_are_adjustable() {
    let exact = Limits {
        text_bytes: MINIMAL.len(),
        bricks: 2,
        neurons_per_brick: 3,
        neurons: 5,
        coordinate: 2,
    };
    assert_eq!(Template::parse_with(MINIMAL, &exact).unwrap(), minimal());
    for tighter in [
        Limits { text_bytes: MINIMAL.len() - 1, ..exact.clone() },
        Limits { bricks: 1, ..exact.clone() },
        Limits { neurons_per_brick: 2, ..exact.clone() },
        Limits { neurons: 4, ..exact.clone() },
        Limits { coordinate: 1, ..exact },
    ] {
        assert!(Template::parse_with(MINIMAL, &tighter).is_err(), "{tighter:?}");
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        if let Err(error) = Template::parse(&text) {
            let _ = (error.to_string(), error.column());
        }
    }

    #[test]
    fn texts_of_template_pieces_never_panic(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60),
    ) {
        if let Err(error) = Template::parse(&pieces.concat()) {
            let _ = (error.to_string(), error.column());
        }
    }

    #[test]
    fn damaged_template_never_panics(at in 0..MINIMAL.len(), with in any::<char>()) {
        let text = format!("{}{with}{}", &MINIMAL[..at], &MINIMAL[at + 1..]);
        if let Err(error) = Template::parse(&text) {
            let _ = (error.to_string(), error.column());
        }
    }

    #[test]
    fn text_reads_back(template in template()) {
        prop_assert_eq!(&Template::parse(&template.to_string()).unwrap(), &template);
        prop_assert!(Network::new(&template).is_ok());
    }
}

/// Bricks here and there, whose touching may leave some of them idle.
fn scattered() -> impl Strategy<Value = Template> {
    let places = prop::collection::hash_set((1..5_u32, 1..4_u32, 1..3_u32), 2..14);
    let kinds = prop::collection::vec(0..4_u8, 14);
    (places, kinds, 1..3_u32).prop_map(|(places, kinds, max_connection_distance)| {
        let mut places: Vec<_> = places.into_iter().collect();
        places.sort_unstable();
        let kind = |i: usize| match (i, kinds[i]) {
            (0, _) | (2.., 0) => BrickKind::Input(format!("i{i}")),
            (1, _) | (_, 1) => output(&format!("o{i}"), None),
            _ => BrickKind::Inner,
        };
        let brick = |(i, &(x, y, z)): (usize, &(u32, u32, u32))| Brick {
            position: Position { x, y, z },
            kind: kind(i),
            neurons: 1,
        };
        let bricks = places.iter().enumerate().map(brick).collect();
        Template { settings: Settings { max_connection_distance, ..Settings::default() }, bricks }
    })
}

proptest! {
    #[test]
    fn what_an_idle_brick_is_advised_puts_it_on_a_way(template in scattered()) {
        let text = template.to_string();
        let Err(error) = Template::parse(&text) else {
            // All bricks are used: the network has them.
            let built = Network::new(&template).unwrap().stats().bricks.len();
            prop_assert_eq!(built, template.bricks.len());
            return Ok(());
        };
        let ErrorKind::Idle(idle) = error.kind() else { return Ok(()) };
        prop_assert!(Template::parse_accepted(&text).is_ok(), "it can be built all the same");
        prop_assert!(text.lines().nth(error.line() - 1).unwrap().ends_with(&idle.position.to_string()));
        let still_idle = |template: &Template, position| match Template::parse(&template.to_string()) {
            Ok(_) => false,
            Err(error) => matches!(error.kind(), ErrorKind::Idle(next) if next.position == position),
        };
        let place = template.bricks.iter().position(|b| b.position == idle.position).unwrap();
        if let Some(position) = idle.place {
            let mut moved = template.clone();
            moved.bricks[place].position = position;
            prop_assert!(!still_idle(&moved, position), "{}", error);
        }
        if let Some(distance) = idle.distance {
            let mut longer = template.clone();
            longer.settings.max_connection_distance = distance;
            prop_assert!(!still_idle(&longer, idle.position), "{}", error);
            longer.settings.max_connection_distance -= 1;
            prop_assert!(still_idle(&longer, idle.position), "{}", error);
        }
    }
}

const PIECES: &[&str] = &[
    "version: 1",
    "settings:",
    "bricks:",
    "1,1,1",
    "2,1,1",
    ",",
    ":",
    "input: a",
    "output: b",
    "number_of_neurons: 5",
    "seed: 7",
    "kind: value",
    "error_threshold: 0.5",
    "\n",
    "\n",
    "\n",
    "\n ",
    "\n  ",
    "\n    ",
    " ",
    "\t",
    "#",
    "\r",
    "\u{301}",
    "😀",
    "\0",
    "\u{202e}",
];

fn template() -> impl Strategy<Value = Template> {
    let settings = (
        prop_oneof![1.0..f32::MAX, 1.0..10_f32],
        1..=u32::MAX,
        // So far that an input reaches every output.
        21..=u32::MAX,
        any::<bool>(),
        0..=1_000_000_u32,
        any::<u64>(),
        (0.01..=100_f32, 0.01..=100_f32, 0.0..=1_f32),
        (1..=1_000_000_000_u32, 1..=1_000_000_u32),
    )
        .prop_map(
            |(cooldown, refractory, distance, reduction, experience, seed, rates, windows)| {
                Settings {
                    neuron_cooldown: cooldown,
                    refractory_time: refractory,
                    max_connection_distance: distance,
                    enable_reduction: reduction,
                    experience,
                    seed,
                    inner_learning_rate: rates.0,
                    output_learning_rate: rates.1,
                    error_threshold: rates.2,
                    averaging_window: windows.0,
                    growth_patience: windows.1,
                }
            },
        );
    let bricks = prop::collection::vec(
        (0..3_u8, "[a-zäß(][a-z ._-]{0,8}[a-z:,)](#[a-z])?", 1..9000_u32),
        0..20,
    );
    (settings, bricks, 1..9_u32, 1..9_u32).prop_map(|(settings, inner, y, z)| {
        let mut bricks = vec![(1, "first".to_owned(), 7), (2, "second".to_owned(), 8)];
        bricks.extend(inner);
        // A row of bricks, each beside the next.
        let bricks = (1..).zip(bricks).map(|(x, (kind, name, neurons))| {
            let name = format!("{name}{x}");
            let kind = match kind {
                0 => BrickKind::Inner,
                1 => BrickKind::Input(name),
                _ => output(
                    &name,
                    [None, Some(OutputKind::Class), Some(OutputKind::Value)][x as usize % 3],
                ),
            };
            Brick { position: Position { x, y, z }, kind, neurons }
        });
        Template { settings, bricks: bricks.collect() }
    })
}
