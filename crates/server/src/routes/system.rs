//! The machine that the server runs on: `/control/v1/system_info` and its like.

use axum::Json;
use hanami_api::system::{PowerConsumption, Speed, SystemInfo, TemperatureProduction, Threading};

use super::Answer;
use crate::auth::Auth;
use crate::error::ApiError;
use crate::machine::{self, Machine};
use crate::openapi::Always;

/// Reads from the machine where it may block.
async fn read<T: Send + 'static>(
    what: impl FnOnce(&Machine) -> T + Send + 'static,
) -> Result<T, ApiError> {
    let reading = tokio::task::spawn_blocking(move || what(&Machine::own()));
    reading.await.map_err(ApiError::internal)
}

/// Shows what the host is made of
#[utoipa::path(
    get,
    path = "/control/v1/system_info",
    operation_id = "show_system_info",
    tag = "system",
    responses((status = 200, description = "The host.", body = SystemInfo), Always)
)]
pub(super) async fn info(Auth(_): Auth) -> Answer<SystemInfo> {
    Ok(Json(SystemInfo { info: read(Machine::topology).await? }))
}

/// Shows the server's threads and where they may run
#[utoipa::path(
    get,
    path = "/control/v1/threading",
    operation_id = "show_threading",
    tag = "system",
    responses((status = 200, description = "The threads.", body = Threading), Always)
)]
pub(super) async fn threading(Auth(_): Auth) -> Answer<Threading> {
    Ok(Json(Threading { thread_map: read(Machine::threads).await?.into() }))
}

/// Shows the clock of the CPU
#[utoipa::path(
    get,
    path = "/control/v1/speed",
    operation_id = "show_speed",
    tag = "system",
    responses((status = 200, description = "The clock of each hardware thread.", body = Speed), Always)
)]
pub(super) async fn speed(Auth(_): Auth) -> Answer<Speed> {
    Ok(Json(Speed { current_speed: read(Machine::speed).await?.into() }))
}

/// Shows the power that the machine takes
#[utoipa::path(
    get,
    path = "/control/v1/power_consumption",
    operation_id = "show_power_consumption",
    tag = "system",
    responses((status = 200, description = "The power.", body = PowerConsumption), Always)
)]
pub(super) async fn power(Auth(_): Auth) -> Answer<PowerConsumption> {
    let meters = read(Machine::meters).await?;
    tokio::time::sleep(machine::METERING).await;
    Ok(Json(PowerConsumption { power: read(|_| machine::power(meters)).await?.into() }))
}

/// Shows how warm the machine is
#[utoipa::path(
    get,
    path = "/control/v1/temperature_production",
    operation_id = "show_temperature_production",
    tag = "system",
    responses((status = 200, description = "The temperatures.", body = TemperatureProduction), Always)
)]
pub(super) async fn temperature(Auth(_): Auth) -> Answer<TemperatureProduction> {
    Ok(Json(TemperatureProduction { temperature: read(Machine::temperature).await?.into() }))
}
