//! From lines to a checked template.

use std::collections::HashMap;

use super::field::{Field, fields, whole};
use super::line::{Content, Line, Word, lines};
use super::nesting::{heads, set_depths};
use super::{Brick, BrickKind, ErrorKind, Limits, Position, Settings, Template, TemplateError};
use crate::layout::{
    Layout, MAX_AVERAGING_WINDOW, MAX_EXPERIENCE, MAX_GROWTH_PATIENCE, RATE_FACTORS, THRESHOLDS,
};
use crate::{grid, ways};

/// With `all_used`, a brick that no signal would pass is a mistake.
pub(super) fn template(
    text: &str,
    limits: &Limits,
    all_used: bool,
) -> Result<Template, TemplateError> {
    if text.len() > limits.text_bytes {
        let kind = ErrorKind::TextTooLong { bytes: text.len(), limit: limits.text_bytes };
        return Err(Word::first_line("").error(kind));
    }
    let mut lines = lines(text).collect::<Result<Vec<_>, _>>()?;
    set_depths(&mut lines)?;

    let missing = |kind| Word::first_line(text).error(kind);
    let [version, settings, bricks] =
        fields(&lines, "the template", ["version", "settings", "bricks"])?;
    version.ok_or_else(|| missing(ErrorKind::MissingVersion))?.supported_version()?;
    let settings = settings.map(read_settings).transpose()?.unwrap_or_default();
    let block = bricks.ok_or_else(|| missing(ErrorKind::MissingBricks))?;
    let (bricks, positions) = read_bricks(block, limits)?;
    let template = Template { settings, bricks };
    let layout = Layout::new(&template).map_err(|error| {
        let place = error.position().and_then(|position| positions.get(&position));
        place.unwrap_or(&block.key).error(error.into())
    })?;
    match ways::idle(&template, &layout) {
        Some(idle) if all_used => Err(positions[&idle.position].error(idle.into())),
        _ => Ok(template),
    }
}

fn read_settings(field: Field<'_, '_>) -> Result<Settings, TemplateError> {
    let [
        cooldown,
        refractory,
        distance,
        reduction,
        experience,
        seed,
        inner_rate,
        output_rate,
        threshold,
        window,
        patience,
    ] = fields(
        field.block()?,
        "settings",
        [
            "neuron_cooldown",
            "refractory_time",
            "max_connection_distance",
            "enable_reduction",
            "experience",
            "seed",
            "inner_learning_rate",
            "output_learning_rate",
            "error_threshold",
            "averaging_window",
            "growth_patience",
        ],
    )?;
    let mut settings = Settings::default();
    if let Some(field) = cooldown {
        settings.neuron_cooldown = field.cooldown()?;
    }
    if let Some(field) = refractory {
        settings.refractory_time = field.whole(1..=u64::from(u32::MAX))? as u32;
    }
    if let Some(field) = distance {
        settings.max_connection_distance = field.whole(1..=u64::from(u32::MAX))? as u32;
    }
    if let Some(field) = reduction {
        settings.enable_reduction = field.boolean()?;
    }
    if let Some(field) = experience {
        settings.experience = field.whole(0..=u64::from(MAX_EXPERIENCE))? as u32;
    }
    if let Some(field) = seed {
        settings.seed = field.whole(0..=u64::MAX)?;
    }
    if let Some(field) = inner_rate {
        settings.inner_learning_rate = field.number(RATE_FACTORS)?;
    }
    if let Some(field) = output_rate {
        settings.output_learning_rate = field.number(RATE_FACTORS)?;
    }
    if let Some(field) = threshold {
        settings.error_threshold = field.number(THRESHOLDS)?;
    }
    if let Some(field) = window {
        settings.averaging_window = field.whole(1..=u64::from(MAX_AVERAGING_WINDOW))? as u32;
    }
    if let Some(field) = patience {
        settings.growth_patience = field.whole(1..=u64::from(MAX_GROWTH_PATIENCE))? as u32;
    }
    Ok(settings)
}

/// The bricks, and the words that give their positions; what concerns all bricks is checked here.
fn read_bricks<'t>(
    field: Field<'_, 't>,
    limits: &Limits,
) -> Result<(Vec<Brick>, HashMap<Position, Word<'t>>), TemplateError> {
    let mut bricks = Vec::new();
    // Where a position and a name were met first.
    let mut positions: HashMap<Position, Word<'t>> = HashMap::new();
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut neurons = 0;
    for (line, block) in heads(field.block()?) {
        if bricks.len() == limits.bricks {
            return Err(line.word.error(ErrorKind::TooManyBricks { limit: limits.bricks }));
        }
        let (brick, name) = read_brick(line, block, limits)?;
        let position = brick.position;
        if let Some(first) = positions.insert(position, line.word) {
            let kind = ErrorKind::DuplicatePosition { position, first_line: first.line };
            return Err(line.word.error(kind));
        }
        if let Some(name) = name
            && let Some(first_line) = names.insert(name.text, name.line)
        {
            return Err(name.error(ErrorKind::DuplicateName { first_line }));
        }
        neurons += u64::from(brick.neurons);
        if neurons > limits.neurons {
            let kind = ErrorKind::TooManyNeurons { found: neurons, limit: limits.neurons };
            return Err(line.word.error(kind));
        }
        bricks.push(brick);
    }
    if !bricks.iter().any(|brick| matches!(brick.kind, BrickKind::Input(_))) {
        return Err(field.key.error(ErrorKind::NoInput));
    }
    if !bricks.iter().any(|brick| matches!(brick.kind, BrickKind::Output { .. })) {
        return Err(field.key.error(ErrorKind::NoOutput));
    }
    check_contact(&bricks, &positions)?;
    Ok((bricks, positions))
}

/// One brick, and the word that names it.
fn read_brick<'t>(
    line: &Line<'t>,
    block: &[Line<'t>],
    limits: &Limits,
) -> Result<(Brick, Option<Word<'t>>), TemplateError> {
    let Content::Position(coordinates) = &line.content else {
        return Err(line.word.error(ErrorKind::ExpectedPosition));
    };
    let [x, y, z] = coordinates;
    let coordinate = |word: &Word| whole(*word, "a coordinate", 1..=u64::from(limits.coordinate));
    let position =
        Position { x: coordinate(x)? as u32, y: coordinate(y)? as u32, z: coordinate(z)? as u32 };

    let [input, output, output_kind, neurons] =
        fields(block, "a brick", ["input", "output", "kind", "number_of_neurons"])?;
    if let (None, Some(kind)) = (output, output_kind) {
        return Err(kind.key.error(ErrorKind::KindWithoutOutput));
    }
    let (kind, name) = match (input, output) {
        (Some(_), Some(output)) => return Err(output.key.error(ErrorKind::InputAndOutput)),
        (Some(input), None) => {
            let name = input.name()?;
            (BrickKind::Input(name.text.to_owned()), Some(name))
        }
        (None, Some(output)) => {
            let name = output.name()?;
            let kind = output_kind.map(Field::output_kind).transpose()?;
            (BrickKind::Output { name: name.text.to_owned(), kind }, Some(name))
        }
        (None, None) => (BrickKind::Inner, None),
    };
    let neurons = neurons
        .ok_or_else(|| line.word.error(ErrorKind::MissingNeurons { position }))?
        .whole(1..=u64::from(limits.neurons_per_brick))? as u32;
    Ok((Brick { position, kind, neurons }, name))
}

/// Every brick has to touch at least one other.
fn check_contact(
    bricks: &[Brick],
    positions: &HashMap<Position, Word<'_>>,
) -> Result<(), TemplateError> {
    let places: Vec<_> = bricks.iter().map(|brick| brick.position).collect();
    let Some(apart) = grid::first_apart(&places) else {
        return Ok(());
    };
    let position = places[apart];
    let example = places
        .iter()
        .filter(|other| **other != position)
        .flat_map(|other| grid::neighbours(*other))
        .find(|beside| !positions.contains_key(beside));
    let kind = ErrorKind::IsolatedBrick { position, example: example.unwrap_or(position) };
    Err(positions[&position].error(kind))
}
