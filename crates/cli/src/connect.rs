//! How a command gets to a server: with user and password from the environment, or with the token
//! that `hanamictl login` has kept.

use std::{env, fs, io::IsTerminal, path::Path};

use hanami_client::{Hanami, Trust};

use crate::{
    args::Globals,
    failure::{Exit, Failure},
    login_file::Login,
};

/// The server that is tried when none is named.
const DEFAULT_ADDRESS: &str = "http://127.0.0.1:11418";

/// The variable with the password.
pub(crate) const PASSWORD_VARIABLE: &str = "HANAMI_PW";

/// A client that is logged in.
pub(crate) async fn connect(globals: &Globals) -> Result<Hanami, Failure> {
    let hanami = match (&globals.as_user, password_of_environment(PASSWORD_VARIABLE)) {
        (Some(user), Some(password)) => log_in(globals, user, &password).await?,
        _ => with_kept_token(globals)?,
    };
    if let Some(project) = &globals.in_project {
        hanami.switch_project(project).await?;
    }
    Ok(hanami)
}

/// Logs in with a password.
pub(crate) async fn log_in(
    globals: &Globals,
    user: &str,
    password: &str,
) -> Result<Hanami, Failure> {
    let address = globals.address.as_deref().unwrap_or(DEFAULT_ADDRESS);
    let trust = trust(globals, None)?;
    Ok(Hanami::connect_trusting(&trust, address, user, password).await?)
}

fn with_kept_token(globals: &Globals) -> Result<Hanami, Failure> {
    let Some(login) = Login::load()? else {
        return Err(not_logged_in("you are not logged in".to_owned()));
    };
    let trust = trust(globals, login.ca.as_deref())?;
    let hanami = Hanami::with_token(&trust, &login.address, &login.token)?;
    // A token goes to the server that gave it, and to no other.
    if let Some(address) = &globals.address {
        let wanted = Hanami::with_token(&Trust::Anyone, address, "")?.address();
        if wanted != hanami.address() {
            let message = format!("you are logged in at {}, not at {wanted}", login.address);
            return Err(not_logged_in(message));
        }
    }
    match &globals.as_user {
        Some(user) if *user != login.user => {
            Err(not_logged_in(format!("you are logged in as {}, not as {user}", login.user)))
        }
        _ => Ok(hanami),
    }
}

fn not_logged_in(message: String) -> Failure {
    Failure::new(Exit::NotAllowed, message)
        .hint("log in with `hanamictl login`, or set HANAMI_USER and HANAMI_PW")
}

fn trust(globals: &Globals, kept: Option<&Path>) -> Result<Trust, Failure> {
    if globals.insecure {
        return Ok(Trust::Anyone);
    }
    let Some(path) = globals.ca.as_deref().or(kept) else { return Ok(Trust::System) };
    fs::read(path).map(Trust::Only).map_err(|error| Failure::file("read", path, &error))
}

/// A password from the environment, or typed without being shown.
pub(crate) fn password(variable: &str, whose: &str) -> Result<String, Failure> {
    if let Some(password) = password_of_environment(variable) {
        return Ok(password);
    }
    if !std::io::stdin().is_terminal() {
        let message = format!("{whose} is needed, and there is no terminal to type it on");
        return Err(Failure::usage(message).hint(format!("set {variable}")));
    }
    rpassword::prompt_password(format!("{whose}: "))
        .map_err(|error| Failure::new(Exit::Other, format!("can't read the password: {error}")))
}

/// A new password: from the environment, or typed twice.
pub(crate) fn new_password(whose: &str) -> Result<String, Failure> {
    const VARIABLE: &str = "HANAMI_NEW_PW";
    let first = password(VARIABLE, whose)?;
    if password_of_environment(VARIABLE).is_none() && first != password(VARIABLE, "once more")? {
        return Err(Failure::usage("the two passwords are not the same; nothing was changed"));
    }
    Ok(first)
}

fn password_of_environment(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|password| !password.is_empty())
}
