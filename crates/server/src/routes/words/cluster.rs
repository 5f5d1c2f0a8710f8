//! Clusters, their samples, and checkpoints.

use hanami_api::checkpoint::Checkpoint;
use hanami_api::cluster;
use hanami_api::explain::Explained;
use hanami_api::samples::{BrickSamples, Predicted, Samples};
use hanami_engine::{BrickRole, BrickValues, Prediction};

use super::{location, timestamp, visibility};
use crate::state::AppState;

pub(in crate::routes) fn mode(stored: hanami_store::ClusterMode) -> cluster::Mode {
    match stored {
        hanami_store::ClusterMode::Task => cluster::Mode::Task,
        hanami_store::ClusterMode::Direct => cluster::Mode::Direct,
    }
}

pub(in crate::routes) fn stored_mode(mode: cluster::Mode) -> hanami_store::ClusterMode {
    match mode {
        cluster::Mode::Task => hanami_store::ClusterMode::Task,
        cluster::Mode::Direct => hanami_store::ClusterMode::Direct,
    }
}

pub(in crate::routes) fn cluster(stored: hanami_store::Cluster) -> cluster::Cluster {
    cluster::Cluster {
        uuid: stored.uuid,
        name: stored.name,
        owner_id: stored.owner_id,
        project_id: stored.project_id,
        visibility: visibility(stored.visibility),
    }
}

pub(in crate::routes) fn cluster_details(
    view: hanami_engine::ClusterView,
) -> cluster::ClusterDetails {
    cluster::ClusterDetails {
        mode: mode(view.cluster.mode),
        open_tasks: view.open_tasks,
        network: view.size.map(|size| cluster::NetworkSize {
            steps: size.steps,
            neurons: size.neurons as u64,
            sections: size.sections as u64,
            synapses: size.synapses as u64,
            bytes: size.bytes as u64,
        }),
        template: view.cluster.template.clone(),
        bricks: view.bricks.into_iter().map(brick).collect(),
        host_uuid: view.host,
        create_timestamp: timestamp(Some(view.cluster.created_at)),
        last_used_timestamp: timestamp(view.last_used),
        cluster: cluster(view.cluster),
    }
}

fn brick(brick: hanami_engine::BrickDetails) -> cluster::BrickDetails {
    cluster::BrickDetails {
        name: brick.name,
        kind: match brick.role {
            BrickRole::Input => cluster::BrickKind::Input,
            BrickRole::Inner => cluster::BrickKind::Inner,
            BrickRole::Output => cluster::BrickKind::Output,
        },
        position: brick.position,
        neurons_limit: brick.neurons_limit,
        neurons: brick.neurons,
        sections: brick.sections,
        synapses: brick.synapses,
        bytes: brick.bytes,
        activity: brick.activity,
        error: brick.error,
    }
}

/// The values of samples as the engine takes them.
pub(in crate::routes) fn brick_values(samples: BrickSamples) -> BrickValues {
    match samples {
        BrickSamples::Only(samples) => BrickValues::Only(samples.into_rows()),
        BrickSamples::Named(named) => {
            let rows = named.into_iter().map(|(brick, samples)| (brick, samples.into_rows()));
            BrickValues::Named(rows.collect())
        }
    }
}

/// A prediction, for a list of samples or for a single one.
pub(in crate::routes) fn predicted(prediction: &Prediction, is_list: bool) -> Predicted {
    let samples = |mut rows: Vec<Vec<f32>>| match (is_list, rows.pop()) {
        (false, Some(only)) => Samples::One(only),
        (_, last) => {
            rows.extend(last);
            Samples::Many(rows)
        }
    };
    let bricks = prediction.bricks();
    Predicted { outputs: bricks.map(|(name, rows)| (name.to_owned(), samples(rows))).collect() }
}

/// Where an answer comes from.
pub(in crate::routes) fn explained(explained: &hanami_engine::Explained) -> Explained {
    let bricks = explained.bricks();
    Explained {
        answer: explained.explanation.answer,
        sum: explained.explanation.sum,
        rest: explained.explanation.rest,
        contributions: bricks.map(|(name, own)| (name.to_owned(), own.to_vec())).collect(),
    }
}

/// A checkpoint, which `state` keeps.
pub(in crate::routes) fn checkpoint(
    state: &AppState,
    stored: hanami_store::Checkpoint,
) -> Checkpoint {
    Checkpoint {
        location: location(&state.settings, &state.store.checkpoint_path(&stored)),
        uuid: stored.uuid,
        name: stored.name,
        steps: stored.steps as u64,
        owner_id: stored.owner_id,
        project_id: stored.project_id,
        visibility: visibility(stored.visibility),
    }
}
