//! What is done how often: dealt like cards, so that nothing is left out for long.

use anyhow::Result;
use rand::seq::SliceRandom;

use super::world::World;

/// Something that is asked of the server, or a few things.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Show,
    List,
    Change,
    Delete,
    CreateCluster,
    Declare,
    Images,
    Upload,
    Finish,
    Download,
    Preview,
    Columns,
    Learn,
    Predict,
    Explain,
    Direct,
    SetMode,
    SwitchHost,
    Task,
    Follow,
    DeleteTask,
    Save,
    Load,
    MoveCheckpoint,
    Outputs,
    DownloadResult,
    Check,
    CheckTemplate,
    Nonsense,
    Quota,
    CreateUser,
    DeleteUser,
    ChangeUser,
    Projects,
    Places,
    ListPeople,
    LogIn,
    ChangePassword,
    SwitchProject,
    CheckToken,
    AuditLog,
    ErrorLog,
    Readings,
    Health,
}

/// How often each comes in a deal.
const DEAL: [(Deed, usize); 44] = [
    (Deed::Show, 50),
    (Deed::List, 24),
    (Deed::Change, 26),
    (Deed::Delete, 26),
    (Deed::CreateCluster, 20),
    (Deed::Declare, 16),
    (Deed::Images, 4),
    (Deed::Upload, 28),
    (Deed::Finish, 16),
    (Deed::Download, 6),
    (Deed::Preview, 6),
    (Deed::Columns, 6),
    (Deed::Learn, 24),
    (Deed::Predict, 36),
    (Deed::Explain, 8),
    (Deed::Direct, 10),
    (Deed::SetMode, 12),
    (Deed::SwitchHost, 4),
    (Deed::Task, 30),
    (Deed::Follow, 6),
    (Deed::DeleteTask, 10),
    (Deed::Save, 10),
    (Deed::Load, 8),
    (Deed::MoveCheckpoint, 8),
    (Deed::Outputs, 8),
    (Deed::DownloadResult, 6),
    (Deed::Check, 8),
    (Deed::CheckTemplate, 4),
    (Deed::Nonsense, 10),
    (Deed::Quota, 8),
    (Deed::CreateUser, 8),
    (Deed::DeleteUser, 4),
    (Deed::ChangeUser, 4),
    (Deed::Projects, 10),
    (Deed::Places, 30),
    (Deed::ListPeople, 6),
    (Deed::LogIn, 3),
    (Deed::ChangePassword, 3),
    (Deed::SwitchProject, 4),
    (Deed::CheckToken, 4),
    (Deed::AuditLog, 4),
    (Deed::ErrorLog, 4),
    (Deed::Readings, 4),
    (Deed::Health, 2),
];

/// Most things of a world: then it deletes before it makes more.
const MOST: usize = 100;

impl World {
    /// Does this many things.
    pub(super) async fn go_on(&mut self, deeds: u64) -> Result<()> {
        for _ in 0..deeds {
            let deed = self.next();
            self.perform(deed).await?;
            self.done += 1;
        }
        Ok(())
    }

    /// The next card, of a new deal where the last one is played out.
    fn next(&mut self) -> Deed {
        if self.things.len() >= MOST {
            return Deed::Delete;
        }
        loop {
            if let Some(deed) = self.deal.pop() {
                return deed;
            }
            self.deal = DEAL.iter().flat_map(|(deed, times)| vec![*deed; *times]).collect();
            self.deal.shuffle(&mut self.rng);
        }
    }

    async fn perform(&mut self, deed: Deed) -> Result<()> {
        match deed {
            Deed::Show => self.show().await,
            Deed::List => self.list().await,
            Deed::Change => self.change().await,
            Deed::Delete => self.delete().await,
            Deed::CreateCluster => self.create_cluster().await,
            Deed::Declare => self.declare().await,
            Deed::Images => self.images().await,
            Deed::Upload => self.upload().await,
            Deed::Finish => self.finish().await,
            Deed::Download => self.download().await,
            Deed::Preview => self.preview().await,
            Deed::Columns => self.columns().await,
            Deed::Learn => self.learn().await,
            Deed::Predict => self.predict().await,
            Deed::Explain => self.explain().await,
            Deed::Direct => self.direct().await,
            Deed::SetMode => self.set_mode().await,
            Deed::SwitchHost => self.switch_host().await,
            Deed::Task => self.task().await,
            Deed::Follow => self.follow().await,
            Deed::DeleteTask => self.delete_task().await,
            Deed::Save => self.save().await,
            Deed::Load => self.load().await,
            Deed::MoveCheckpoint => self.move_checkpoint().await,
            Deed::Outputs => self.outputs().await,
            Deed::DownloadResult => self.download_result().await,
            Deed::Check => self.check().await,
            Deed::CheckTemplate => self.check_template().await,
            Deed::Nonsense => self.send_nonsense().await,
            Deed::Quota => self.quota().await,
            Deed::CreateUser => self.create_user().await,
            Deed::DeleteUser => self.delete_user().await,
            Deed::ChangeUser => self.change_user().await,
            Deed::Projects => self.projects().await,
            Deed::Places => self.places().await,
            Deed::ListPeople => self.list_people().await,
            Deed::LogIn => self.log_in().await,
            Deed::ChangePassword => self.change_password().await,
            Deed::SwitchProject => self.switch_project().await,
            Deed::CheckToken => self.check_token().await,
            Deed::AuditLog => self.audit_log().await,
            Deed::ErrorLog => self.error_log().await,
            Deed::Readings => self.read_machine().await,
            Deed::Health => self.health().await,
        }
    }
}
