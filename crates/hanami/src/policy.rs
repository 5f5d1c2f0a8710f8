//! `hanami policy`: print the shipped policy, or check one before a server gets it.

use std::path::PathBuf;

use hanami_server::Policy;

const EXAMPLES: &str = "\
Examples:
  hanami policy show > policy.toml
      Write a policy to begin with.
  hanami policy check policy.toml
      Tell whether a server would take it.
  hanami serve --policy-file policy.toml
      Serve with it. The server follows changes of the file.";

/// Arguments of `hanami policy`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Print the policy that is used unless the setting `policy_file` names another
    Show,
    /// Check a policy file
    Check {
        /// The file
        file: PathBuf,
    },
}

/// Prints or checks a policy.
pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        Command::Show => print!("{}", Policy::SHIPPED),
        Command::Check { file } => {
            let policy = Policy::load(&file)?;
            let roles: Vec<&str> = policy.roles().collect();
            println!("{} is a valid policy with the roles {}", file.display(), roles.join(", "));
        }
    }
    Ok(())
}
