use std::path::Path;

use hanami_server::Settings;

#[test]
fn the_reference_lists_every_setting() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
    let page = std::fs::read_to_string(path).unwrap();
    for setting in Settings::TABLE {
        let (help, default) = setting.help.trim().rsplit_once(" [default: ").unwrap();
        let default = default.trim_end_matches(']');
        let flag = setting.name.replace('_', "-");
        let row = format!(
            "| `{}` | `--{flag}` | `{}` | `{default}` | {help} |",
            setting.name, setting.variable
        );
        assert!(page.contains(&row), "docs/settings.md lacks the row\n{row}");
    }
    let rows = page.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, Settings::TABLE.len(), "docs/settings.md has rows for unknown settings");
}
