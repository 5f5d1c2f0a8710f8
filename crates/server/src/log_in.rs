//! Checking who somebody is by their password, and not too often in vain.

use std::net::IpAddr;
use std::time::Instant;

use hanami_api::ErrorCode;
use hanami_api::ids::Password;
use hanami_store::User;

use crate::error::ApiError;
use crate::state::Shared;

/// The user `id`, if `password` is theirs. Whoever tries at `address` has to wait after too many
/// bad tries, and then neither the right password nor an unknown id makes a difference.
pub(crate) async fn check(
    state: &Shared,
    id: &str,
    password: Password,
    address: IpAddr,
) -> Result<User, ApiError> {
    refuse_throttled(state, id, address)?;
    let turn = state.passwords.turn().await?;
    // Once more: many that came together were let through above before any of them had failed.
    refuse_throttled(state, id, address)?;
    let user = state.store.user(id).await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let (Some(user), true) = (user, state.passwords.matches(turn, password, hash).await?) else {
        state.throttle.failed(id, address, Instant::now());
        let detail = "there is no such user with this password";
        return Err(ApiError::new(ErrorCode::WrongCredentials, detail));
    };
    state.throttle.succeeded(id, address);
    Ok(user)
}

fn refuse_throttled(state: &Shared, id: &str, address: IpAddr) -> Result<(), ApiError> {
    let Some(wait) = state.throttle.wait(id, address, Instant::now()) else { return Ok(()) };
    let detail = "too many bad tries to log in; wait before you try again";
    Err(ApiError::new(ErrorCode::TooMany, detail).retry_after(wait))
}
