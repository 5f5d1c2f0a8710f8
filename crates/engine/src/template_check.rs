//! Templates that are looked at before a cluster is made of them.

use hanami_network::template::{Template, TemplateError};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::host::blocking;

/// A template that a network can be grown from.
#[derive(Debug, Clone)]
pub struct CheckedTemplate {
    /// The template.
    pub template: Template,
    /// For each of its bricks the indices of the bricks that it hears.
    pub hears: Vec<Vec<usize>>,
}

impl Engine {
    /// Reads the text of a template as the creation of a cluster does, and makes nothing of it. A
    /// mistake in it is an answer, the inner error.
    ///
    /// # Errors
    /// Only for faults of the server's own.
    pub async fn check_template(
        &self,
        text: String,
    ) -> Result<Result<CheckedTemplate, TemplateError>, EngineError> {
        blocking(move || match Template::parse(&text) {
            Ok(template) => {
                let hears = template.hears()?;
                Ok(Ok(CheckedTemplate { template, hears }))
            }
            Err(mistake) => Ok(Err(mistake)),
        })
        .await?
    }
}
