//! A request result as a table.

use std::io::Write;

use hanami_dataset::quoted;
use hanami_store::{Access, RequestResult};
use uuid::Uuid;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::outputs::Outputs;

/// Rows that become one piece of the table, at most.
const PIECE_ROWS: usize = 4096;
/// Output values that become one piece of the table, as long as those are a row or more.
const PIECE_VALUES: u64 = 1 << 16;

/// Writes a request result as CSV, piece by piece: `row,value`, and where they were kept the output
/// values of each brick as `<brick>_0` and so on.
#[derive(Debug)]
pub struct ResultExport {
    data: Vec<f64>,
    outputs: Option<Outputs>,
    row: usize,
    begun: bool,
}

impl ResultExport {
    /// The next piece of the table; `None` at its end. Blocks.
    ///
    /// # Errors
    /// When the output values can't be read or are damaged.
    pub fn next_piece(&mut self) -> Result<Option<Vec<u8>>, EngineError> {
        if !self.begun {
            self.begun = true;
            if let Some(outputs) = &mut self.outputs {
                outputs.verify()?;
            }
            return Ok(Some(self.head()));
        }
        if self.row == self.data.len() {
            return Ok(None);
        }
        let mut rows = PIECE_ROWS.min(self.data.len() - self.row);
        let outputs = match &self.outputs {
            Some(outputs) => {
                rows = rows.min((PIECE_VALUES / outputs.width()).max(1) as usize);
                outputs.read(self.row as u64, rows as u64)?
            }
            None => Vec::new(),
        };
        let mut lines = Vec::new();
        for (index, value) in self.data[self.row..self.row + rows].iter().enumerate() {
            // Writing to memory can't fail.
            let _ = write!(lines, "{},{value}", self.row + index);
            for output in outputs.get(index).into_iter().flatten() {
                let _ = write!(lines, ",{output}");
            }
            lines.push(b'\n');
        }
        self.row += rows;
        Ok(Some(lines))
    }

    fn head(&self) -> Vec<u8> {
        let mut head = "row,value".to_owned();
        for brick in self.outputs.iter().flat_map(Outputs::bricks) {
            for value in 0..brick.width {
                head.push(',');
                head.push_str(&quoted(&format!("{}_{value}", brick.name)));
            }
        }
        (head + "\n").into_bytes()
    }
}

impl Engine {
    /// The export of a request result, with its output values if they were kept.
    ///
    /// # Errors
    /// Not found.
    pub async fn export_result(
        &self,
        access: &Access,
        uuid: Uuid,
    ) -> Result<(RequestResult, ResultExport), EngineError> {
        let (result, data) = self.shared.store.result(access, uuid).await?;
        let outputs = match result.outputs_blob {
            Some(_) => Some(self.open_outputs(access, uuid).await?),
            None => None,
        };
        Ok((result, ResultExport { data, outputs, row: 0, begun: false }))
    }
}
