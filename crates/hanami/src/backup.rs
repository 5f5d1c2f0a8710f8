//! `hanami backup`: everything a server holds, as one file.

use std::path::PathBuf;

use indicatif::HumanBytes;

use crate::progress;

const EXAMPLES: &str = "\
Examples:
  hanami backup --out monday.tar
      Copy what is in ./hanami-data. A server that runs on it goes on undisturbed.
  hanami backup --data-dir /var/lib/hanami --out /backup/hanami-$(date +%F).tar
      The same each night, from a timer, as the user that the server runs as.

The file holds hashes of passwords and the secret that tokens are made with: keep it as safe as the
data directory. `hanami restore` makes a data directory of it.";

/// Arguments of `hanami backup`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The data directory
    #[arg(long, value_name = "DIR", env = "HANAMI_DATA_DIR", default_value = "hanami-data")]
    data_dir: PathBuf,
    /// The file to write; it must not exist yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes the backup.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let bar = progress::bytes("Backup");
    let told = bar.clone();
    let show = move |done, total| progress::show(&told, done, total);
    let backup = hanami_store::backup(&args.data_dir, &args.out, show).await;
    bar.finish_and_clear();
    let backup = backup?;
    println!("{}: {} files, {}", args.out.display(), backup.files, HumanBytes(backup.bytes));
    Ok(())
}
