//! What is done with checkpoints.

use hanami_api::checkpoint::CheckpointUploaded;

use crate::{
    actions::{
        Context, download,
        resource::{self, Kind},
    },
    args::checkpoint::CheckpointCommand,
    failure::Failure,
};

pub(super) async fn run(context: &Context, command: CheckpointCommand) -> Result<(), Failure> {
    const KIND: Kind = Kind::Checkpoint;
    let (hanami, out) = (&context.hanami, context.out);
    match command {
        CheckpointCommand::List => resource::list(context, KIND).await,
        CheckpointCommand::Get(one) => resource::get(context, KIND, &one).await,
        CheckpointCommand::Delete(one) => resource::delete(context, KIND, &one).await,
        CheckpointCommand::Rename(args) => resource::rename(context, KIND, &args).await,
        CheckpointCommand::Share(args) => resource::share(context, KIND, &args).await,
        CheckpointCommand::Download { one, output } => {
            let uuid = resource::uuid(context, KIND, &one.which).await?;
            download::save(out, hanami.download_checkpoint(uuid).await?, &output).await
        }
        CheckpointCommand::Upload { name, input } => {
            let bar = out.bytes_bar(None).with_message("uploading");
            let uuid = hanami.upload_checkpoint(&name, input).await?;
            bar.finish_and_clear();
            out.made(&CheckpointUploaded { uuid, name })
        }
    }
}
