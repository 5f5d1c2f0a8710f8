//! What is done with templates.

use std::{fs, path::Path};

use hanami_client::TemplateBrick;
use serde_json::Value;

use crate::{
    actions::Context,
    args::template::TemplateCommand,
    failure::{Exit, Failure},
    output::Rows,
};

pub(super) async fn run(context: &Context, command: TemplateCommand) -> Result<(), Failure> {
    match command {
        TemplateCommand::Check { template } => check(context, &template).await,
    }
}

async fn check(context: &Context, path: &Path) -> Result<(), Failure> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| Failure::file("read", path, &error))?;
    let checked = context.hanami.check_template(&text).await?;
    if context.out.json {
        context.out.json(&checked)?;
    }
    match checked.error {
        Some(mistake) => Err(Failure::new(Exit::Other, mistake.message)),
        None if context.out.json => Ok(()),
        None => context.out.table(&bricks(&checked.bricks)),
    }
}

/// A row for every brick; those that it hears by their positions.
fn bricks(bricks: &[TemplateBrick]) -> Rows {
    let position = |brick: &TemplateBrick| format!("{},{},{}", brick.x, brick.y, brick.z);
    let rows = bricks.iter().map(|brick| {
        let heard = brick.hears.iter().filter_map(|&index| bricks.get(index)).map(position);
        vec![
            Value::from(position(brick)),
            serde_json::to_value(brick.kind).unwrap_or_default(),
            Value::from(brick.name.clone()),
            Value::from(brick.neurons),
            Value::from(heard.collect::<Vec<_>>().join("  ")),
        ]
    });
    Rows::new(&["position", "kind", "name", "neurons", "hears"], rows)
}
