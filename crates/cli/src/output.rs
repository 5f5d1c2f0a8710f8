//! What commands print: tables for people or the wire's JSON for scripts on stdout, messages and
//! bars on stderr.

use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

use comfy_table::{ContentArrangement, Table, presets};
use hanami_api::Table as Listing;
use indexmap::IndexMap;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::Value;

use crate::failure::{Exit, Failure};

/// One thing: its fields in the wire's order.
pub(crate) type Record = IndexMap<String, Value>;

/// The answer of a listing, whatever its columns.
pub(crate) type Rows = Listing<Vec<Value>>;

/// Most elements of a list that are shown in one cell.
const SHOWN: usize = 12;

/// Columns of the narrowest terminal that tables are fitted to; some say that they have none at all.
const NARROWEST: u16 = 40;

/// How, and how much, is printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
}

impl Output {
    /// Prints one thing.
    pub(crate) fn record(self, record: &Record) -> Result<(), Failure> {
        if self.json { self.json(record) } else { self.fields(record) }
    }

    /// Prints one thing that was just made; if quiet, its uuid or id alone.
    pub(crate) fn made(self, thing: &impl Serialize) -> Result<(), Failure> {
        let record = record_of(thing)?;
        let id = record.get("uuid").or_else(|| record.get("id"));
        match id {
            Some(id) if self.quiet && !self.json => self.text(&cell(id)),
            _ => self.record(&record),
        }
    }

    /// Prints a listing; if quiet, its first column alone: the uuids or ids.
    pub(crate) fn rows(self, rows: &Rows) -> Result<(), Failure> {
        if self.json {
            return self.json(rows);
        }
        if self.quiet {
            let first = rows.body.iter().filter_map(|row| row.first());
            return first.map(cell).try_for_each(|id| self.text(&id));
        }
        self.table(rows)
    }

    /// Prints a table for people.
    pub(crate) fn table(self, rows: &Rows) -> Result<(), Failure> {
        let mut table = table();
        table.set_header(&rows.header);
        for row in &rows.body {
            table.add_row(row.iter().map(cell));
        }
        self.text(&table.trim_fmt())
    }

    /// Prints the named fields of objects as a table for people.
    pub(crate) fn objects(self, objects: &Value, columns: &[&str]) -> Result<(), Failure> {
        let rows =
            objects.as_array().into_iter().flatten().map(|object| {
                columns.iter().map(|column| object[*column].clone()).collect::<Vec<_>>()
            });
        self.table(&Rows::new(columns, rows))
    }

    /// Prints the fields of one thing as a table for people.
    pub(crate) fn fields(self, record: &Record) -> Result<(), Failure> {
        let mut table = table();
        for (field, value) in record {
            table.add_row([field.clone(), cell(value)]);
        }
        self.text(&table.trim_fmt())
    }

    /// Prints one line of JSON.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        let line = serde_json::to_string(value).map_err(|error| unreadable(&error))?;
        self.text(&line)
    }

    /// Prints lines as they are.
    pub(crate) fn text(self, text: &str) -> Result<(), Failure> {
        self.bytes(format!("{}\n", text.trim_end_matches('\n')).as_bytes())
    }

    /// Prints bytes as they are.
    #[expect(
        clippy::unused_self,
        reason = "what is printed goes through the output, however it is set"
    )]
    pub(crate) fn bytes(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
        written.map_err(|error| match error.kind() {
            // `hanamictl … | head`, for instance.
            io::ErrorKind::BrokenPipe => Failure::new(Exit::Enough, ""),
            _ => Failure::new(Exit::Other, format!("can't print: {error}")),
        })
    }

    /// Says on stderr what was done that prints nothing; scripts get an empty object.
    pub(crate) fn done(self, message: &str) -> Result<(), Failure> {
        self.note(message);
        if self.json { self.json(&Record::new()) } else { Ok(()) }
    }

    /// Says something on stderr, unless quiet.
    pub(crate) fn note(self, message: &str) {
        if !self.quiet {
            eprintln!("{message}");
        }
    }

    /// A bar on stderr that counts bytes up to `size`, or only counts them; hidden where nobody
    /// would see it.
    pub(crate) fn bytes_bar(self, size: Option<u64>) -> ProgressBar {
        let template = match size {
            Some(_) => "{msg}  {bar:30}  {percent:>3} %  {decimal_bytes_per_sec}",
            None => "{msg}  {spinner}  {decimal_bytes}",
        };
        let bar = self.bar(size, template);
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }

    /// A bar on stderr up to `length`; hidden where nobody would see it.
    pub(crate) fn bar(self, length: Option<u64>, template: &str) -> ProgressBar {
        let seen = !self.quiet && !self.json && io::stderr().is_terminal();
        let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(length, target);
        match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            // A bar that looks plain is better than none.
            Err(_) => bar,
        }
    }
}

/// The fields of an answer, in their order.
pub(crate) fn record_of(thing: &impl Serialize) -> Result<Record, Failure> {
    let text = serde_json::to_string(thing).map_err(|error| unreadable(&error))?;
    serde_json::from_str(&text).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> Failure {
    Failure::new(Exit::Other, format!("can't show the answer: {error}"))
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_some_and(|width| width < NARROWEST) {
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    table
}

/// A value as text for people.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => rounded(number.as_f64().unwrap_or(f64::NAN)),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(items) => {
            let mut texts: Vec<_> = items.iter().take(SHOWN).map(cell).collect();
            if items.len() > SHOWN {
                texts.push(format!("… ({} in all)", items.len()));
            }
            texts.join(", ")
        }
        Value::Object(fields) => {
            if let (Some(project), Some(role)) = (fields.get("project_id"), fields.get("role")) {
                return format!("{} ({})", cell(project), cell(role));
            }
            if let (Some(category), Some(count)) = (fields.get("category"), fields.get("count")) {
                return format!("{} ({})", cell(category), cell(count));
            }
            let fields = fields.iter().map(|(field, value)| format!("{field} {}", cell(value)));
            fields.collect::<Vec<_>>().join(", ")
        }
    }
}

/// A number with the digits that people look at.
fn rounded(number: f64) -> String {
    if number != 0.0 && !(1e-4..1e15).contains(&number.abs()) {
        return format!("{number:e}");
    }
    let digits = format!("{number:.5}");
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_short_and_readable() {
        for (value, shown) in [
            (json!(null), "-"),
            (json!("a text"), "a text"),
            (json!(1.5), "1.5"),
            (json!(-7.0), "-7"),
            (json!(0.0), "0"),
            (json!(97.333_333_333), "97.33333"),
            (json!(0.000_012_5), "1.25e-5"),
            (json!(1_500_000), "1500000"),
            (json!([1, 2]), "1, 2"),
            (json!({"limit": 3, "used": 1}), "limit 3, used 1"),
            (json!([{"category": "up", "count": 3}]), "up (3)"),
            (json!([{"project_id": "garden", "role": "member"}]), "garden (member)"),
        ] {
            assert_eq!(cell(&value), shown);
        }
        let many: Vec<_> = (0..100).collect();
        assert!(cell(&json!(many)).ends_with("10, 11, … (100 in all)"));
    }
}
