//! Templates that were checked.

use hanami_api::cluster::BrickKind;
use hanami_api::template::{TemplateBrick, TemplateChecked, TemplateMistake, TemplateSettings};
use hanami_engine::CheckedTemplate;
use hanami_engine::template::{self, TemplateError};

pub(in crate::routes) fn checked_template(
    checked: Result<CheckedTemplate, TemplateError>,
) -> TemplateChecked {
    match checked {
        Ok(CheckedTemplate { template, hears }) => {
            let bricks = template.bricks.into_iter().zip(hears);
            TemplateChecked {
                valid: true,
                error: None,
                bricks: bricks.map(|(brick, hears)| template_brick(brick, hears)).collect(),
                settings: Some(settings(&template.settings)),
            }
        }
        Err(error) => TemplateChecked {
            valid: false,
            error: Some(mistake(&error)),
            bricks: Vec::new(),
            settings: None,
        },
    }
}

fn mistake(error: &TemplateError) -> TemplateMistake {
    TemplateMistake {
        message: error.to_string(),
        line: error.line() as u64,
        column: error.column() as u64,
        length: error.length() as u64,
        help: error.message(),
    }
}

fn template_brick(brick: template::Brick, hears: Vec<usize>) -> TemplateBrick {
    let (kind, name) = match brick.kind {
        template::BrickKind::Input(name) => (BrickKind::Input, Some(name)),
        template::BrickKind::Inner => (BrickKind::Inner, None),
        template::BrickKind::Output(name) => (BrickKind::Output, Some(name)),
    };
    let template::Position { x, y, z } = brick.position;
    TemplateBrick { x, y, z, kind, name, neurons: brick.neurons, hears }
}

fn settings(settings: &template::Settings) -> TemplateSettings {
    TemplateSettings {
        neuron_cooldown: f64::from(settings.neuron_cooldown),
        refractory_time: settings.refractory_time,
        max_connection_distance: settings.max_connection_distance,
        enable_reduction: settings.enable_reduction,
        experience: settings.experience,
        seed: settings.seed,
    }
}
