//! What is done with users and their places in projects.

use hanami_api::user::{ByUserId, OfUser};
use hanami_client::{ClientError, ErrorCode, UserChange};

use crate::{
    actions::Context,
    args::{
        Globals,
        administration::{MembershipCommand, UserChangeArgs, UserCommand},
    },
    connect,
    failure::Failure,
    login_file::Login,
    output::Record,
};

pub(super) async fn run(
    context: &Context,
    globals: &Globals,
    command: UserCommand,
) -> Result<(), Failure> {
    let (hanami, out) = (&context.hanami, context.out);
    match command {
        UserCommand::Create { id, name, admin } => {
            let password = connect::new_password(&format!("password for {id}"))?;
            out.made(&hanami.create_user(&id, &name, &password, admin).await?)
        }
        UserCommand::Get { id } => context.show("/user", &ByUserId { id: parsed(&id)? }).await,
        UserCommand::List => context.list("/user/all", &()).await,
        UserCommand::Delete { id, force: true } => {
            hanami.delete_user_with_all(&id).await?;
            out.done(&format!("deleted the user {id} and all that they owned"))
        }
        UserCommand::Delete { id, force: false } => {
            hanami.delete_user(&id).await.map_err(with_hint_of_force)?;
            out.done(&format!("deleted the user {id}"))
        }
        UserCommand::Change(args) => change(context, args).await,
        UserCommand::Password => change_password(context).await,
        UserCommand::Project(command) => membership(context, command).await,
        UserCommand::Switch { project } => switch(context, globals, &project).await,
    }
}

/// What is refused because things still belong to it can be forced.
pub(super) fn with_hint_of_force(error: ClientError) -> Failure {
    let conflict = error.code() == Some(ErrorCode::Conflict);
    let failure = Failure::from(error);
    if conflict {
        failure.hint("if things still belong to it, --force deletes them, too")
    } else {
        failure
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(id: &str) -> Result<T, Failure> {
    id.parse().map_err(|error| Failure::usage(format!("the user id {error}")))
}

async fn change(context: &Context, args: UserChangeArgs) -> Result<(), Failure> {
    let UserChangeArgs { id, name, password, admin } = args;
    let password = if password {
        Some(connect::new_password(&format!("new password for {id}"))?)
    } else {
        None
    };
    let change =
        UserChange { name: name.as_deref(), password: password.as_deref(), is_admin: admin };
    context.out.made(&context.hanami.change_user(&id, change).await?)
}

async fn change_password(context: &Context) -> Result<(), Failure> {
    let present = connect::password(connect::PASSWORD_VARIABLE, "present password")?;
    let new = connect::new_password("new password")?;
    context.hanami.change_password_from(&present, &new).await?;
    // All earlier tokens have ended; the one that is kept is to go on.
    if let Some(mut login) = own_login(context).await? {
        login.token = context.hanami.access_token().await;
        login.save()?;
    }
    context.out.done("the password is changed; your other log-ins have ended")
}

/// The log-in that is kept, if it is of the user who asks.
async fn own_login(context: &Context) -> Result<Option<Login>, Failure> {
    let Some(login) = Login::load()? else { return Ok(None) };
    let same_server = login.address == context.hanami.address();
    let own = same_server && login.user == context.hanami.identity().await?.id;
    Ok(Some(login).filter(|_| own))
}

async fn switch(context: &Context, globals: &Globals, project: &str) -> Result<(), Failure> {
    let Some(mut login) = own_login(context).await? else {
        return Err(Failure::usage(
            "no log-in of yours is kept that could work in another project",
        )
        .hint("log in with `hanamictl login`, or set HANAMI_PROJECT"));
    };
    context.hanami.switch_project(project).await?;
    login.token = context.hanami.access_token().await;
    login.save()?;
    if globals.in_project.is_some() {
        context.out.note("note: HANAMI_PROJECT or --project still decides while it is set");
    }
    context.out.note(&format!("you work in the project {project} now"));
    if context.out.json { context.show("/auth", &()).await } else { Ok(()) }
}

async fn membership(context: &Context, command: MembershipCommand) -> Result<(), Failure> {
    let (hanami, out) = (&context.hanami, context.out);
    match command {
        MembershipCommand::Add { id, project, role, admin } => {
            out.made(&hanami.assign_project(&id, &project, &role, admin).await?)
        }
        MembershipCommand::Remove { id, project } => {
            out.made(&hanami.unassign_project(&id, &project).await?)
        }
        MembershipCommand::List { id } => {
            let query = OfUser { user_id: id.as_deref().map(parsed).transpose()? };
            let answer: Record = hanami.fetch("/user/project", &query).await?;
            if out.json {
                return out.json(&answer);
            }
            let projects = answer.get("projects").cloned().unwrap_or_default();
            out.objects(&projects, &["project_id", "role", "is_project_admin"])
        }
    }
}
