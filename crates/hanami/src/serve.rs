//! `hanami serve`: the server in the foreground, until it is told to stop.

use std::io::{self, IsTerminal};

use anyhow::Context;
use hanami_server::{AdminWish, LogFormat, Server, Settings, SettingsArgs};
use secrecy::ExposeSecret;
use tracing_subscriber::EnvFilter;

use crate::open_files;
use crate::signal::EndSignals;

const EXAMPLES: &str = "\
Examples:
  hanami serve
      Serve on http://127.0.0.1:11418, with everything kept in ./hanami-data. The first start
      prints the passphrase of the user `admin`.
  hanami serve --listen 0.0.0.0:11418 --data-dir /var/lib/hanami
      Serve to other machines.
  hanami serve --listen 0.0.0.0:11418 --tls-certificate chain.pem --tls-key key.pem
      The same over HTTPS. New files are taken up without a restart.
  HANAMI_CORES=2 hanami serve --config hanami.toml
      Settings from a file, one of them from the environment. A flag beats a variable, a variable
      beats the file.
  hanami serve --print-settings > hanami.toml
      Write a settings file to begin with.

The first admin of a new server can be chosen by the variables HANAMI_ADMIN_USER_ID,
HANAMI_ADMIN_USER_NAME and HANAMI_ADMIN_PASSWORD.";

/// Arguments of `hanami serve`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    settings: SettingsArgs,
    /// Print the settings in effect as a TOML file, and exit
    #[arg(long)]
    print_settings: bool,
}

/// Serves until an interrupt (Ctrl-C) or a termination signal.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let mut settings = Settings::resolve(args.settings)?;
    if args.print_settings {
        print!("{}", toml::to_string(&settings)?);
        return Ok(());
    }
    settings.first_admin = AdminWish::from_environment();
    start_log(&settings)?;
    open_files::raise_limit(&settings);
    let mut signals = EndSignals::listen()?;

    let server = Server::start(settings).await?;
    println!("Hanami listens on {}", server.url());
    if let Some(admin) = server.first_admin() {
        println!("First start: log in as `{}` with the passphrase", admin.id);
        println!("    {}", admin.passphrase.expose_secret());
        println!("It is not shown again.");
    }
    signals.next().await;
    tokio::select! {
        () = server.stop() => {}
        () = signals.next() => tracing::warn!("told to stop twice: not waiting any longer"),
    }
    Ok(())
}

/// Sends the log to the standard error.
fn start_log(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log_filter)
        .with_context(|| format!("log_filter `{}` is not valid", settings.log_filter))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    match settings.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}
