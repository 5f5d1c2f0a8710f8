//! What a server can be told, and the three ways to tell it: a flag, a variable of the
//! environment, an entry in a TOML file. A flag beats a variable, a variable beats the file, the
//! file beats the default.
//!
//! All settings stand in one table below; flags, variables, file entries and the reference in
//! `docs/settings.md` come from it.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use hanami_store::Quotas;
use serde::{Deserialize, Serialize};

use crate::first_admin::AdminWish;
use crate::machine::Machine;

/// One row of the table of settings.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Name in the file, e.g. `data_dir`; the flag is the same with dashes: `--data-dir`.
    pub name: &'static str,
    /// Variable of the environment.
    pub variable: &'static str,
    /// What it does, and its default in brackets.
    pub help: &'static str,
}

macro_rules! settings {
    ($($(#[doc = $help:literal])+ $variable:literal $name:ident: $type:ty = $default:expr;)*) => {
        /// Everything a server can be told.
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Settings {
            $($(#[doc = $help])+ pub $name: $type,)*
            /// The first admin, for a server without users. Taken from the environment only
            /// ([`AdminWish::from_environment`]): a password belongs in no file and no flag.
            #[serde(skip)]
            pub first_admin: AdminWish,
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)* first_admin: AdminWish::default() }
            }
        }

        impl Settings {
            /// The table of settings.
            pub const TABLE: &'static [Setting] = &[$(Setting {
                name: stringify!($name),
                variable: $variable,
                help: concat!($($help),+),
            },)*];
        }

        /// The settings as flags and variables, each of them optional.
        #[derive(Debug, Clone, Default, clap::Args)]
        pub struct SettingsArgs {
            /// TOML file with any of the settings below, by their names
            #[arg(long, env = "HANAMI_CONFIG", value_name = "FILE")]
            pub config: Option<PathBuf>,
            $($(#[doc = $help])+ #[arg(long, env = $variable)] pub $name: Option<$type>,)*
        }

        impl SettingsArgs {
            /// What was given here replaces what `settings` holds.
            fn apply(self, settings: &mut Settings) {
                $(if let Some(value) = self.$name { settings.$name = value; })*
            }
        }
    };
}

settings! {
    /// Address and port to listen on; port 0 takes any free one [default: 127.0.0.1:11418]
    "HANAMI_LISTEN" listen: SocketAddr = (Ipv4Addr::LOCALHOST, hanami_api::DEFAULT_PORT).into();
    /// File with the certificate for TLS and those that vouch for it, as PEM [default: none]
    "HANAMI_TLS_CERTIFICATE" tls_certificate: PathBuf = PathBuf::new();
    /// File with the private key of the certificate, as PEM [default: none]
    "HANAMI_TLS_KEY" tls_key: PathBuf = PathBuf::new();
    /// Directory for everything the server keeps, made if missing [default: hanami-data]
    "HANAMI_DATA_DIR" data_dir: PathBuf = "hanami-data".into();
    /// How long a token is good for, in seconds [default: 3600]
    "HANAMI_TOKEN_LIFETIME_SECONDS" token_lifetime_seconds: NonZeroU32 = at_least_one(3600);
    /// Processor cores that clusters may use [default: all]
    "HANAMI_CORES" cores: NonZeroU32 = all_cores();
    /// Most of these cores that one large cluster uses while others are idle [default: all]
    "HANAMI_CORES_PER_CLUSTER" cores_per_cluster: NonZeroU32 = all_cores();
    /// Most connections at the same time, websockets among them [default: 8192]
    "HANAMI_MAX_CONNECTIONS" max_connections: NonZeroU32 = at_least_one(8192);
    /// Memory that networks may take, in MiB; beyond it, those that are not in use leave memory, and
    /// come back from the disk when they are used [default: half]
    "HANAMI_NETWORK_MEMORY_MIB" network_memory_mib: NonZeroU32 = half_of_memory();
    /// Largest body of a request, in bytes [default: 2097152]
    "HANAMI_MAX_BODY_BYTES" max_body_bytes: NonZeroU32 = at_least_one(2 << 20);
    /// Largest cluster template, in bytes; more than 65536 are never taken [default: 65536]
    "HANAMI_MAX_TEMPLATE_BYTES" max_template_bytes: NonZeroU32 = at_least_one(64 << 10);
    /// Largest websocket message, in bytes [default: 4194304]
    "HANAMI_MAX_FRAME_BYTES" max_frame_bytes: NonZeroU32 = at_least_one(4 << 20);
    /// Most websockets and followed tasks at the same time [default: 4096]
    "HANAMI_MAX_WEBSOCKETS" max_websockets: NonZeroU32 = at_least_one(4096);
    /// Seconds of silence after which a websocket is closed [default: 3600]
    "HANAMI_WEBSOCKET_IDLE_SECONDS" websocket_idle_seconds: NonZeroU32 = at_least_one(3600);
    /// Most tasks that wait or run in one cluster's queue [default: 1000]
    "HANAMI_MAX_QUEUE_LENGTH" max_queue_length: NonZeroU32 = at_least_one(1000);
    /// Most rows that a request task may answer; its result is held in memory [default: 2000000]
    "HANAMI_MAX_RESULT_ROWS" max_result_rows: NonZeroU32 = at_least_one(2_000_000);
    /// Largest file of a checkpoint that is uploaded, in bytes [default: 1073741824]
    "HANAMI_MAX_CHECKPOINT_BYTES" max_checkpoint_bytes: NonZeroU32 = at_least_one(1 << 30);
    /// Most samples that one call may predict or learn [default: 1000]
    "HANAMI_MAX_SAMPLES_PER_REQUEST" max_samples_per_request: NonZeroU32 = at_least_one(1000);
    /// Most bytes of output values that a request task may keep; they are held in memory while it runs [default: 268435456]
    "HANAMI_MAX_RESULT_BYTES" max_result_bytes: NonZeroU32 = at_least_one(256 << 20);
    /// Seconds without new data after which an unfinished upload is deleted [default: 86400]
    "HANAMI_UPLOAD_EXPIRY_SECONDS" upload_expiry_seconds: NonZeroU32 = at_least_one(24 * 60 * 60);
    /// How often a running training is saved, in seconds: a restart repeats no more [default: 30]
    "HANAMI_TRAINING_SAVE_SECONDS" training_save_seconds: NonZeroU32 = at_least_one(30);
    /// Size at which a journal of direct training becomes a snapshot, in bytes [default: 67108864]
    "HANAMI_MAX_JOURNAL_BYTES" max_journal_bytes: NonZeroU32 = at_least_one(64 << 20);
    /// Mebibytes of the disk that are kept so that things can still be deleted when it is full;
    /// 0 keeps none [default: 16]
    "HANAMI_DISK_RESERVE_MIB" disk_reserve_mib: u32 = 16;
    /// File that says what each role may do, read again when it changes; without one, the policy
    /// that is shipped [default: none]
    "HANAMI_POLICY_FILE" policy_file: PathBuf = PathBuf::new();
    /// Most bytes of datasets and request results in a project that has no quota of its own [default: 107374182400]
    "HANAMI_PROJECT_DATASET_BYTES" project_dataset_bytes: u64 = 100 << 30;
    /// Most bytes of checkpoints in a project that has no quota of its own [default: 53687091200]
    "HANAMI_PROJECT_CHECKPOINT_BYTES" project_checkpoint_bytes: u64 = 50 << 30;
    /// Most bytes of clusters in a project that has no quota of its own [default: 53687091200]
    "HANAMI_PROJECT_CLUSTER_BYTES" project_cluster_bytes: u64 = 50 << 30;
    /// Most clusters in a project that has no quota of its own [default: 1000]
    "HANAMI_PROJECT_CLUSTERS" project_clusters: u64 = 1000;
    /// Most queued and running tasks in a project that has no quota of its own [default: 10000]
    "HANAMI_PROJECT_OPEN_TASKS" project_open_tasks: u64 = 10_000;
    /// Most requests that a user may send in a second; 0 is no limit [default: 0]
    "HANAMI_USER_REQUESTS_PER_SECOND" user_requests_per_second: u32 = 0;
    /// Most websockets and followed tasks that one user has at the same time [default: 1024]
    "HANAMI_USER_WEBSOCKETS" user_websockets: NonZeroU32 = at_least_one(1024);
    /// Whether a websocket stays open when the token that opened it expires [default: true]
    "HANAMI_WEBSOCKET_OUTLIVES_TOKEN" websocket_outlives_token: bool = true;
    /// Bad tries to log in as one user before an address has to wait; ten times as many for all
    /// users together [default: 10]
    "HANAMI_LOGIN_TRIES" login_tries: NonZeroU32 = at_least_one(10);
    /// Seconds in which bad tries to log in are counted [default: 300]
    "HANAMI_LOGIN_WINDOW_SECONDS" login_window_seconds: NonZeroU32 = at_least_one(300);
    /// Whether `GET /metrics` answers [default: true]
    "HANAMI_METRICS" metrics: bool = true;
    /// What is logged: a level, or levels by module as in `warn,hanami_engine=debug` [default: info]
    "HANAMI_LOG_FILTER" log_filter: String = "info".into();
    /// How a line of the log looks: `text` for people, `json` for programs [default: text]
    "HANAMI_LOG_FORMAT" log_format: LogFormat = LogFormat::Text;
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line, for programs.
    Json,
}

/// Why the settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file can't be read.
    #[error("the settings file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file holds something that is no setting, or no value for it.
    #[error("the settings file {} is not valid: {source}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
}

impl Settings {
    /// Puts the settings together from flags and variables, the file they name, and the defaults.
    ///
    /// # Errors
    /// When the file can't be read, or holds something that is not a setting.
    pub fn resolve(mut args: SettingsArgs) -> Result<Self, SettingsError> {
        let mut settings = match args.config.take() {
            Some(path) => Self::read(&path)?,
            None => Self::default(),
        };
        args.apply(&mut settings);
        Ok(settings)
    }

    /// The policy file, if one is named.
    pub(crate) fn policy_file(&self) -> Option<PathBuf> {
        Some(self.policy_file.clone()).filter(|path| !path.as_os_str().is_empty())
    }

    /// What a project may hold that has no quotas of its own.
    pub(crate) fn default_quotas(&self) -> Quotas {
        Quotas {
            dataset_bytes: self.project_dataset_bytes,
            checkpoint_bytes: self.project_checkpoint_bytes,
            cluster_bytes: self.project_cluster_bytes,
            clusters: self.project_clusters,
            open_tasks: self.project_open_tasks,
        }
    }

    fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| SettingsError::Unreadable { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|source| SettingsError::Invalid {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }
}

/// For defaults, which are all above zero.
const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

fn all_cores() -> NonZeroU32 {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    at_least_one(u32::try_from(cores).unwrap_or(u32::MAX))
}

/// Half of the memory that this process may use, in MiB; a gibibyte where that is not known.
fn half_of_memory() -> NonZeroU32 {
    let usable = Machine::own().usable_memory().unwrap_or(2 << 30);
    at_least_one(u32::try_from(usable / (2 << 20)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Result<Settings, SettingsError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let config = Some(file.path().to_owned());
        Settings::resolve(SettingsArgs { config, ..SettingsArgs::default() })
    }

    #[test]
    fn names_follow_from_each_other_and_the_help_tells_the_default() {
        let defaults = toml::Table::try_from(Settings::default()).unwrap();
        assert_eq!(Settings::TABLE.len(), defaults.len());
        for setting in Settings::TABLE {
            assert_eq!(setting.variable, format!("HANAMI_{}", setting.name.to_uppercase()));
            let default = match &defaults[setting.name] {
                _ if setting.name.starts_with("cores") => "all".to_owned(),
                _ if setting.name == "network_memory_mib" => "half".to_owned(),
                toml::Value::String(text) if text.is_empty() => "none".to_owned(),
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert!(setting.help.ends_with(&format!("[default: {default}]")), "{}", setting.help);
        }
    }

    #[test]
    fn a_flag_beats_the_file_and_the_file_beats_the_default() {
        let settings = file("max_websockets = 7\ncores = 3").unwrap();
        assert_eq!((settings.max_websockets.get(), settings.cores.get()), (7, 3));
        assert_eq!(settings.max_queue_length, Settings::default().max_queue_length);

        let mut settings = settings;
        let flags = SettingsArgs { cores: Some(NonZeroU32::MIN), ..SettingsArgs::default() };
        flags.apply(&mut settings);
        assert_eq!((settings.max_websockets.get(), settings.cores.get()), (7, 1));
    }

    #[test]
    fn mistakes_in_the_file_name_the_entry() {
        for (text, named) in [
            ("max_websocket = 7", "max_websocket"),
            ("cores = \"two\"", "cores"),
            ("cores = 0", "cores"),
            ("listen = \"here\"", "listen"),
            ("log_format = \"xml\"", "log_format"),
            ("first_admin = 1", "first_admin"),
        ] {
            let error = file(text).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let config = Some(PathBuf::from("/nowhere/hanami.toml"));
        let args = SettingsArgs { config, ..SettingsArgs::default() };
        assert!(Settings::resolve(args).unwrap_err().to_string().contains("/nowhere/hanami.toml"));
    }
}
