//! Logging in and out.

use crate::{
    args::Globals,
    connect::{self, PASSWORD_VARIABLE},
    failure::Failure,
    login_file::Login,
    output::{Output, record_of},
};

pub(super) async fn log_in(globals: &Globals, out: Output) -> Result<(), Failure> {
    let Some(user) = &globals.as_user else {
        return Err(
            Failure::usage("whom to log in?").hint("name the user with --user or HANAMI_USER")
        );
    };
    let password = connect::password(PASSWORD_VARIABLE, &format!("password of {user}"))?;
    let hanami = connect::log_in(globals, user, &password).await?;
    if let Some(project) = &globals.in_project {
        hanami.switch_project(project).await?;
    }
    let identity = hanami.identity().await?;
    let ca = globals.ca.as_deref().map(std::path::absolute).transpose();
    let ca = ca.map_err(|error| Failure::usage(format!("the file of --ca: {error}")))?;
    let address = hanami.address();
    let token = hanami.access_token().await;
    Login { address: address.clone(), user: user.clone(), ca, token }.save()?;
    out.note(&format!("logged in at {address} as {user}, in the project {}", identity.project_id));
    if out.json { out.json(&record_of(&identity)?) } else { Ok(()) }
}

pub(super) fn log_out(out: Output) -> Result<(), Failure> {
    let message = if Login::remove()? { "logged out" } else { "nobody was logged in" };
    out.done(message)
}
