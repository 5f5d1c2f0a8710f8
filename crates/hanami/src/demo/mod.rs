//! `hanami demo`: a server of its own learns to read handwritten digits, before your eyes.
//!
//! The server is the real one, on a free port of the loopback interface, with a data directory
//! that is deleted afterwards. Everything else is done as a client.

mod draw;
mod mnist;
mod story;
mod voice;

use std::{io::Write, net::Ipv4Addr, path::PathBuf};

use anyhow::{Context, Result, anyhow};
use hanami_client::Hanami;
use hanami_server::{FirstAdmin, Server, Settings};
use secrecy::ExposeSecret;

use mnist::Mnist;
use story::Story;
use voice::Voice;

use crate::signal::EndSignals;

const EXAMPLES: &str = "\
Examples:
  hanami demo                      learn to read digits in a few seconds
  hanami demo --epochs 3           learn all images three times
  hanami demo --json               the numbers only, for a program
  hanami demo --keep               look around afterwards, with any client
  hanami demo --data ./fashion     learn from four IDX files of your own";

/// Shows on handwritten digits what this server does: learn, and answer.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Directory with four IDX files, gzipped or not, named as those of MNIST [default: MNIST
    /// itself, built in]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// How often to learn all images
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
    epochs: u32,

    /// Leave the server running until Ctrl-C
    #[arg(long)]
    keep: bool,

    /// Print the outcome as one JSON object on standard output, everything else on standard error
    #[arg(long)]
    json: bool,
}

/// Runs the demo.
pub(crate) async fn run(args: Args) -> Result<()> {
    // On the main thread, each answer would first have to wake it up: 30 µs instead of 20.
    tokio::spawn(perform(args)).await?
}

/// Performs until the story is told or someone interrupts it, and cleans up.
async fn perform(args: Args) -> Result<()> {
    let voice = Voice { json: args.json };
    let mut signals = EndSignals::listen()?;
    let mnist = Mnist::load(args.data.as_deref())?;
    let directory = tempfile::Builder::new()
        .prefix("hanami-demo-")
        .tempdir()
        .context("can't make a temporary directory")?;
    let server = Server::start(Settings {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        data_dir: directory.path().to_owned(),
        ..Settings::default()
    })
    .await?;

    let outcome = tokio::select! {
        outcome = demonstrate(&server, &args, &mnist, &voice) => outcome,
        () = signals.next() => Err(anyhow!("interrupted")),
    };
    let outcome = match outcome {
        Ok(()) if args.keep => keep(&server, &mut signals, &voice).await,
        outcome => outcome,
    };
    tokio::select! {
        () = server.stop() => {}
        () = signals.next() => {}
    }
    directory.close().context("can't delete the temporary directory")?;
    outcome
}

async fn demonstrate(server: &Server, args: &Args, mnist: &Mnist, voice: &Voice) -> Result<()> {
    voice.heading(format_args!("A server of its own, at http://{}", server.address()))?;
    let admin = admin(server)?;
    let hanami =
        Hanami::connect(&server.address().to_string(), &admin.id, admin.passphrase.expose_secret())
            .await?;
    voice.line(format_args!("logged in as {}", admin.id))?;
    let story = Story { hanami: &hanami, voice, mnist, epochs: args.epochs };
    let outcome = story.tell().await?;
    if args.json {
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&outcome)?)?;
    }
    Ok(())
}

/// Leaves the server to whoever wants to look around.
async fn keep(server: &Server, signals: &mut EndSignals, voice: &Voice) -> Result<()> {
    let admin = admin(server)?;
    voice.heading("Yours now, until Ctrl-C; then everything is deleted")?;
    voice.line(format_args!("address     http://{}", server.address()))?;
    voice.line(format_args!("user        {}", admin.id))?;
    voice.line(format_args!("passphrase  {}", admin.passphrase.expose_secret()))?;
    signals.next().await;
    Ok(())
}

/// A new server has made up its first admin.
fn admin(server: &Server) -> Result<&FirstAdmin> {
    server.first_admin().context("the server has no admin")
}
