//! Predicting, explaining and learning in plain HTTP: `/control/v1/cluster/predict`,
//! `/control/v1/cluster/explain`, `/control/v1/cluster/learn`.

use std::collections::BTreeMap;

use hanami_api::{
    Uuid,
    explain::{Explain, Explained},
    samples::{BrickSamples, Learn, Learned, Predict, Predicted, Samples},
};

use crate::{ClientError, Hanami};

impl Hanami {
    /// Asks a cluster, in either mode and while a task runs; answers the values of its output
    /// bricks by their names. Give a `Vec<f32>` for one sample or a `Vec<Vec<f32>>` for a list of
    /// them if the cluster has one input brick, otherwise a map from the names of the bricks. NaN
    /// stands for a value that is not known.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such cluster, it is empty, or the values do not fit.
    pub async fn predict(
        &self,
        cluster: Uuid,
        inputs: impl Into<BrickSamples>,
    ) -> Result<BTreeMap<String, Samples>, ClientError> {
        let body = Predict { uuid: cluster, inputs: inputs.into() };
        let answer: Predicted = self.post("/cluster/predict", &body).await?;
        Ok(answer.outputs)
    }

    /// Tells what each input contributed to the value `index` of what the brick `output` answers to
    /// one sample; the brick may be left out where there is only one. Works as [`Hanami::predict`]
    /// does.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such cluster or value, it is empty, or the values do
    /// not fit.
    pub async fn explain(
        &self,
        cluster: Uuid,
        inputs: impl Into<BrickSamples>,
        output: Option<&str>,
        index: u32,
    ) -> Result<Explained, ClientError> {
        let (inputs, output) = (inputs.into(), output.map(str::to_owned));
        self.post("/cluster/explain", &Explain { uuid: cluster, inputs, output, index }).await
    }

    /// Teaches a cluster, in either mode and while a task runs; answers the steps that its network
    /// has taken by then. Once this returns, the samples are durable. Values are given as to
    /// [`Hanami::predict`]; expected values that are NaN are not learned.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such cluster that the user may change, it is empty,
    /// or the values do not fit.
    pub async fn learn(
        &self,
        cluster: Uuid,
        inputs: impl Into<BrickSamples>,
        outputs: impl Into<BrickSamples>,
    ) -> Result<u64, ClientError> {
        let body = Learn { uuid: cluster, inputs: inputs.into(), outputs: outputs.into() };
        let answer: Learned = self.post("/cluster/learn", &body).await?;
        Ok(answer.steps)
    }
}
