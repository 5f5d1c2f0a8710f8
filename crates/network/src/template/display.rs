//! The canonical text of a template.

use std::fmt::{self, Display, Formatter};

use super::{BrickKind, OutputKind, Position, Settings, Template};

impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "version: 1")?;
        write!(f, "{}", self.settings)?;
        writeln!(f, "bricks:")?;
        for brick in &self.bricks {
            writeln!(f, "    {}", brick.position)?;
            match &brick.kind {
                BrickKind::Input(name) => writeln!(f, "        input: {name}")?,
                BrickKind::Output { name, kind } => {
                    writeln!(f, "        output: {name}")?;
                    if let Some(kind) = kind {
                        writeln!(f, "        kind: {kind}")?;
                    }
                }
                BrickKind::Inner => {}
            }
            writeln!(f, "        number_of_neurons: {}", brick.neurons)?;
        }
        Ok(())
    }
}

impl Display for Settings {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "settings:")?;
        writeln!(f, "    neuron_cooldown: {}", self.neuron_cooldown)?;
        writeln!(f, "    refractory_time: {}", self.refractory_time)?;
        writeln!(f, "    max_connection_distance: {}", self.max_connection_distance)?;
        writeln!(f, "    enable_reduction: {}", self.enable_reduction)?;
        writeln!(f, "    experience: {}", self.experience)?;
        writeln!(f, "    seed: {}", self.seed)?;
        writeln!(f, "    inner_learning_rate: {}", self.inner_learning_rate)?;
        writeln!(f, "    output_learning_rate: {}", self.output_learning_rate)?;
        writeln!(f, "    error_threshold: {}", self.error_threshold)?;
        writeln!(f, "    averaging_window: {}", self.averaging_window)?;
        writeln!(f, "    growth_patience: {}", self.growth_patience)
    }
}

/// As in a template.
impl Display for OutputKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Class => "class",
            Self::Value => "value",
        })
    }
}

/// As in a template: `1,2,3`.
impl Display for Position {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.x, self.y, self.z)
    }
}
