//! What is done with request results.

use crate::{
    actions::{
        Context, download,
        resource::{self, Kind},
        score,
    },
    args::request_result::RequestResultCommand,
    failure::Failure,
};

pub(super) async fn run(context: &Context, command: RequestResultCommand) -> Result<(), Failure> {
    const KIND: Kind = Kind::RequestResult;
    match command {
        RequestResultCommand::List => resource::list(context, KIND).await,
        RequestResultCommand::Get(one) => resource::get(context, KIND, &one).await,
        RequestResultCommand::Delete(one) => resource::delete(context, KIND, &one).await,
        RequestResultCommand::Rename(args) => resource::rename(context, KIND, &args).await,
        RequestResultCommand::Share(args) => resource::share(context, KIND, &args).await,
        RequestResultCommand::Download { one, output } => {
            let uuid = resource::uuid(context, KIND, &one.which).await?;
            let arriving = context.hanami.download_request_result(uuid).await?;
            download::save(context.out, arriving, &output).await
        }
        RequestResultCommand::Check { result, dataset } => {
            score::check(context, &dataset, &result).await
        }
    }
}
