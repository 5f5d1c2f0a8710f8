//! Every setting of `hanami serve` can be given as a flag, as a variable and in a file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Output};

use hanami_server::Settings;

/// Runs `hanami serve --print-settings`, without variables of the caller's environment.
fn print_settings(change: impl FnOnce(&mut Command)) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hanami"));
    command.args(["serve", "--print-settings"]).env_clear();
    change(&mut command);
    command.output().unwrap()
}

fn settings(change: impl FnOnce(&mut Command)) -> toml::Table {
    let output = print_settings(change);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    toml::from_str(&String::from_utf8(output.stdout).unwrap()).unwrap()
}

/// Two values for a setting, the first one not its default, as written on the command line.
fn two_values(name: &str) -> [&'static str; 2] {
    match name {
        "listen" => ["127.0.0.1:1", "[::1]:2"],
        // Digits only: a variable must not be taken for a number.
        "data_dir" => ["/srv/hanami", "1234"],
        "policy_file" => ["/srv/policy.toml", "5678"],
        "metrics" | "websocket_outlives_token" => ["false", "true"],
        "log_filter" => ["debug", "warn,hanami_engine=trace"],
        "log_format" => ["json", "text"],
        _ => ["7", "8"],
    }
}

/// How a value looks in the file.
fn in_file(value: &str, default: &toml::Value) -> String {
    match default {
        toml::Value::Integer(_) | toml::Value::Boolean(_) => value.to_owned(),
        _ => format!("{value:?}"),
    }
}

fn as_text(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn a_flag_beats_a_variable_a_variable_beats_the_file_the_file_beats_the_default() {
    let defaults = settings(|_| {});
    assert_eq!(defaults.len(), Settings::TABLE.len());
    for setting in Settings::TABLE {
        let default = &defaults[setting.name];
        let [one, other] = two_values(setting.name);
        let flag = format!("--{}", setting.name.replace('_', "-"));
        let file = tempfile::NamedTempFile::new().unwrap();
        let entry = format!("{} = {}\n", setting.name, in_file(one, default));
        std::fs::write(file.path(), entry).unwrap();

        let found = |change: &dyn Fn(&mut Command)| {
            let mut settings = settings(|command| change(command));
            let found = as_text(&settings.remove(setting.name).unwrap());
            for (name, value) in settings {
                assert_eq!(value, defaults[&name], "{name} changed with {}", setting.name);
            }
            found
        };
        let by_file = found(&|command| {
            command.arg("--config").arg(file.path());
        });
        assert_eq!(by_file, one, "{} in the file", setting.name);
        let by_variable = found(&|command| {
            command.env("HANAMI_CONFIG", file.path()).env(setting.variable, other);
        });
        assert_eq!(by_variable, other, "{}", setting.variable);
        let by_flag = found(&|command| {
            command.env("HANAMI_CONFIG", file.path());
            command.env(setting.variable, other).args([&flag, one]);
        });
        assert_eq!(by_flag, one, "{flag}");
    }
}

#[test]
fn what_is_printed_is_a_settings_file() {
    let printed = print_settings(|command| {
        command.args(["--cores", "3"]);
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &printed.stdout).unwrap();
    let again = print_settings(|command| {
        command.arg("--config").arg(file.path());
    });
    assert_eq!(again.stdout, printed.stdout);
}

#[test]
fn mistakes_are_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "coers = 3\n").unwrap();
    let in_file = print_settings(|command| {
        command.arg("--config").arg(file.path());
    });
    let in_variable = print_settings(|command| {
        command.env("HANAMI_CORES", "none");
    });
    let in_flag = print_settings(|command| {
        command.args(["--listen", "everywhere"]);
    });
    for (output, named) in [(in_file, "`coers`"), (in_variable, "--cores"), (in_flag, "--listen")] {
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(named), "{error}");
    }
}
