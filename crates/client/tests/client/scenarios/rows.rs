//! The rows of the lists, with the names of the wire's columns.

use hanami_client::{AuditEntry, DatasetEntry, Entry, ErrorEntry, Host, TaskEntry};
use serde_json::{Value, json};

pub(super) fn entry(entry: &Entry) -> Value {
    let Entry { uuid, project_id, owner_id, visibility, name } = entry;
    json!({
        "uuid": uuid,
        "project_id": project_id,
        "owner_id": owner_id,
        "visibility": visibility,
        "name": name,
    })
}

pub(super) fn dataset(entry: &DatasetEntry) -> Value {
    let DatasetEntry { uuid, project_id, owner_id, visibility, name, kind } = entry;
    json!({
        "uuid": uuid,
        "project_id": project_id,
        "owner_id": owner_id,
        "visibility": visibility,
        "name": name,
        "type": kind,
    })
}

pub(super) fn task(entry: &TaskEntry) -> Value {
    let TaskEntry { uuid, state, percentage, queued, started, ended } = entry;
    json!({
        "uuid": uuid,
        "state": state,
        "percentage": percentage,
        "queued": queued,
        "start": started,
        "end": ended,
    })
}

pub(super) fn host(host: &Host) -> Value {
    let Host { uuid, kind } = host;
    json!({"uuid": uuid, "type": kind})
}

pub(super) fn audit(entry: &AuditEntry) -> Value {
    let AuditEntry { timestamp, user_id, endpoint, request_type, status } = entry;
    json!({
        "timestamp": timestamp,
        "user_id": user_id,
        "endpoint": endpoint,
        "request_type": request_type,
        "status": status,
    })
}

pub(super) fn error(entry: &ErrorEntry) -> Value {
    let ErrorEntry { timestamp, user_id, component, context, input_values, message } = entry;
    json!({
        "timestamp": timestamp,
        "user_id": user_id,
        "component": component,
        "context": context,
        "input_values": input_values,
        "message": message,
    })
}
