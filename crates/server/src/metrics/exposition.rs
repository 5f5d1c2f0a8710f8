//! The counts as text, in the format OpenMetrics 1.0, which Prometheus reads.

use std::fmt;

use hanami_engine::EngineNumbers;
use hanami_store::{DiskRoom, TaskState, Totals};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::Metrics;
use crate::machine::Process;

/// What the text is.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    state: String,
}

impl Metrics {
    /// Everything there is to tell, together with what others count.
    pub(crate) fn exposition(
        &self,
        totals: &Totals,
        engine: &EngineNumbers,
        disk: DiskRoom,
        process: Option<&Process>,
    ) -> Result<String, fmt::Error> {
        let mut hanami = Registry::with_prefix("hanami");
        self.register(&mut hanami);
        register_totals(&mut hanami, totals);
        register_engine(&mut hanami, engine);
        register_disk(&mut hanami, disk);
        let mut own = Registry::with_prefix("process");
        if let Some(process) = process {
            register_process(&mut own, process);
        }
        let mut text = String::new();
        encode_registry(&mut text, &hanami)?;
        encode_registry(&mut text, &own)?;
        encode_eof(&mut text)?;
        Ok(text)
    }

    fn register(&self, registry: &mut Registry) {
        let Self {
            requests,
            durations,
            websockets,
            failed_log_ins,
            upload_bytes,
            audit_entries,
            error_entries,
            telling: _,
        } = self;
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "What is running", build);
        registry.register("http_requests", "Requests answered", requests.clone());
        let help = "Seconds until a request was answered";
        registry.register("http_request_duration_seconds", help, durations.clone());
        registry.register("websockets_open", "Open websockets", websockets.clone());
        registry.register("failed_log_ins", "Log-ins refused", failed_log_ins.clone());
        registry.register("upload_bytes", "Bytes of files uploaded", upload_bytes.clone());
        registry.register("audit_entries", "Rows added to the audit log", audit_entries.clone());
        registry.register("error_entries", "Rows added to the error log", error_entries.clone());
    }
}

fn register_totals(registry: &mut Registry, totals: &Totals) {
    let Totals { users, projects, clusters, datasets, checkpoints, request_results, tasks } =
        totals;
    gauge(registry, "users", "Users", *users);
    gauge(registry, "projects", "Projects", *projects);
    gauge(registry, "clusters", "Clusters", *clusters);
    gauge(registry, "datasets", "Datasets, complete or not", *datasets);
    gauge(registry, "checkpoints", "Checkpoints", *checkpoints);
    gauge(registry, "request_results", "Request results", *request_results);
    let by_state = Family::<InState, Gauge>::default();
    for state in [TaskState::Queued, TaskState::Active, TaskState::Aborted, TaskState::Finished] {
        let count = tasks.iter().find(|(found, _)| *found == state).map_or(0, |&(_, count)| count);
        by_state.get_or_create(&InState { state: state.to_string() }).set(count);
    }
    registry.register("tasks", "Tasks by state", by_state);
}

fn register_engine(registry: &mut Registry, engine: &EngineNumbers) {
    let EngineNumbers {
        cores,
        busy_cores,
        waiting_turns,
        resident_clusters,
        resident_bytes,
        network_loads,
        network_evictions,
        open_journals,
        tracked_clusters,
        user_steps,
        user_predictions,
        trained_samples,
    } = *engine;
    gauge(registry, "host_cores", "Cores that clusters may use", cores as u64);
    gauge(registry, "host_cores_busy", "Cores that clusters use", busy_cores as u64);
    gauge(registry, "host_turns_waiting", "Work that waits for a core", waiting_turns as u64);
    gauge(registry, "clusters_in_memory", "Clusters in memory", resident_clusters as u64);
    gauge(registry, "clusters_in_memory_bytes", "Bytes of the clusters in memory", resident_bytes);
    counter(registry, "network_loads", "Networks read from the disk", network_loads);
    counter(
        registry,
        "network_evictions",
        "Networks that left memory to make room",
        network_evictions,
    );
    gauge(registry, "journals_open", "Open journals", open_journals as u64);
    let help = "Clusters in memory, in use, or used a short while ago";
    gauge(registry, "clusters_tracked", help, tracked_clusters as u64);
    counter(registry, "user_steps", "Samples learned that users sent", user_steps);
    counter(
        registry,
        "user_predictions",
        "Predictions from samples that users sent",
        user_predictions,
    );
    counter(registry, "trained_samples", "Samples learned by tasks", trained_samples);
}

fn register_disk(registry: &mut Registry, disk: DiskRoom) {
    let DiskRoom { free, total, is_full } = disk;
    gauge(registry, "disk_free_bytes", "Bytes free on the disk of the data directory", free);
    gauge(registry, "disk_bytes", "Size of the disk of the data directory", total);
    let help = "1 when the disk is full, so that nothing but deletions is written";
    gauge(registry, "disk_full", help, u64::from(is_full));
}

/// Under the names that Prometheus recommends for every process.
fn register_process(registry: &mut Registry, process: &Process) {
    let &Process { resident_bytes, virtual_bytes, open_files, cpu_seconds, started_at } = process;
    gauge(registry, "resident_memory_bytes", "Memory in use", resident_bytes);
    gauge(registry, "virtual_memory_bytes", "Memory reserved", virtual_bytes);
    gauge(registry, "open_fds", "Open file descriptors", open_files);
    let help = "Processor time used";
    registry.register("cpu_seconds", help, ConstCounter::new(cpu_seconds));
    let help = "Start of the process, in seconds since 1970";
    registry.register("start_time_seconds", help, ConstGauge::new(started_at));
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstGauge::new(value as i64));
}

fn counter(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstCounter::new(value));
}
