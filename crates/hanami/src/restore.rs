//! `hanami restore`: a data directory made of a backup.

use std::path::PathBuf;

use indicatif::HumanBytes;

use crate::progress;

const EXAMPLES: &str = "\
Examples:
  hanami restore monday.tar --data-dir ./restored
      Make a data directory, to be served by `hanami serve --data-dir ./restored`.

The directory must be empty or not exist. It is restored when all of the backup was read and compared
with its checksums; a backup that is damaged changes nothing. A restore that was cut off is begun anew
by the next one, or finished by the next `hanami serve` if all was compared.";

/// Arguments of `hanami restore`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The data directory to make
    #[arg(long, value_name = "DIR", env = "HANAMI_DATA_DIR", default_value = "hanami-data")]
    data_dir: PathBuf,
}

/// Makes the data directory.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let bar = progress::bytes("Restore");
    let told = bar.clone();
    let show = move |done, total| progress::show(&told, done, total);
    let restored = hanami_store::restore(&args.file, &args.data_dir, show).await;
    bar.finish_and_clear();
    let restored = restored?;
    println!(
        "{}: {} files, {}",
        args.data_dir.display(),
        restored.files,
        HumanBytes(restored.bytes)
    );
    Ok(())
}
