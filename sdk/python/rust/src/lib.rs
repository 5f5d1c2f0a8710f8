//! Hanami's learning core as the Python module `hanami_sdk._network`.
//!
//! Samples come and go as the bytes of `f32` values in the machine's order, one row after the
//! other, which is what a contiguous buffer of Python holds; `hanami_sdk.Network` makes buffers of
//! them. While the network works, other Python threads run; a lock keeps calls from several of
//! them apart, and it is only ever taken by a thread that Python has been told not to wait for.

use std::sync::{Mutex, MutexGuard};

use hanami_network::{Course, Explanation, Port, Stats, template::Template};
use pyo3::{
    exceptions::{PyRuntimeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyDict},
};

/// Rows after which an interrupt (Ctrl-C) is looked for.
const ROWS_BETWEEN_SIGNALS: usize = 256;
/// Bytes of a value.
const VALUE: usize = size_of::<f32>();

/// A network that grows from the samples it is taught.
#[pyclass(frozen, module = "hanami_sdk._network")]
struct Network {
    core: Mutex<hanami_network::Network>,
    input_width: usize,
    output_width: usize,
}

#[pymethods]
impl Network {
    /// An empty network for the text of a template.
    #[new]
    fn new(template: &str) -> PyResult<Self> {
        let template = Template::parse(template).map_err(|error| value_error(&error))?;
        hanami_network::Network::new(&template).map(Self::from).map_err(|error| value_error(&error))
    }

    /// The network that `to_bytes` wrote.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        let network = py.detach(|| hanami_network::Network::from_bytes(bytes));
        network.map(Self::from).map_err(|error| value_error(&error))
    }

    /// The whole network, to go on with later or elsewhere.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| self.lock().map(|network| network.to_bytes()))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The template's canonical text.
    fn template(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| self.lock().map(|network| network.template().to_string()))
    }

    /// Names and widths of the input bricks.
    fn inputs(&self, py: Python<'_>) -> PyResult<Vec<(String, usize)>> {
        py.detach(|| self.lock().map(|network| ports(network.inputs())))
    }

    /// Names and widths of the output bricks.
    fn outputs(&self, py: Python<'_>) -> PyResult<Vec<(String, usize)>> {
        py.detach(|| self.lock().map(|network| ports(network.outputs())))
    }

    /// Answers rows of inputs with rows of outputs. Neurons that keep potentials keep them from row to
    /// row, as in training, and as they were before when all are answered.
    fn predict<'py>(&self, py: Python<'py>, inputs: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let rows = count_rows("inputs", inputs, self.input_width)?;
        let mut answers = Vec::with_capacity(rows * self.output_width * VALUE);
        let mut course = py.detach(|| self.lock().map(|network| network.course()))?;
        for inputs in inputs.chunks(ROWS_BETWEEN_SIGNALS * self.input_width * VALUE) {
            py.check_signals()?;
            py.detach(|| self.predict_rows(inputs, &mut course, &mut answers))?;
        }
        Ok(PyBytes::new(py, &answers))
    }

    /// Tells what each value of one row of inputs contributed to a value of the answer: the answer,
    /// its sum, what of that comes from no input, and the row of contributions.
    fn explain<'py>(
        &self,
        py: Python<'py>,
        inputs: &[u8],
        output: usize,
    ) -> PyResult<(f32, f32, f32, Bound<'py, PyBytes>)> {
        if count_rows("inputs", inputs, self.input_width)? != 1 {
            return Err(value_error(&"one row of inputs is explained at a time"));
        }
        let mut input = vec![0.0; self.input_width];
        read(inputs, &mut input);
        let mut contributions = vec![0.0; self.input_width];
        let explanation = py.detach(|| {
            let explained = self.lock()?.explain(&input, output, &mut contributions);
            explained.map_err(|error| value_error(&error))
        })?;
        let mut bytes = Vec::with_capacity(inputs.len());
        write(&contributions, &mut bytes);
        let Explanation { answer, sum, rest } = explanation;
        Ok((answer, sum, rest, PyBytes::new(py, &bytes)))
    }

    /// Learns rows one by one, in order; answers what it would have said to each before.
    fn train<'py>(
        &self,
        py: Python<'py>,
        inputs: &[u8],
        targets: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        let rows = count_rows("inputs", inputs, self.input_width)?;
        if count_rows("targets", targets, self.output_width)? != rows {
            return Err(value_error(&"inputs and targets must have equally many rows"));
        }
        let mut answers = Vec::with_capacity(rows * self.output_width * VALUE);
        let inputs = inputs.chunks(ROWS_BETWEEN_SIGNALS * self.input_width * VALUE);
        let targets = targets.chunks(ROWS_BETWEEN_SIGNALS * self.output_width * VALUE);
        for (inputs, targets) in inputs.zip(targets) {
            py.check_signals()?;
            py.detach(|| self.train_rows(inputs, targets, &mut answers))?;
        }
        Ok(PyBytes::new(py, &answers))
    }

    /// What the network is made of.
    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let stats = py.detach(|| self.lock().map(|network| network.stats()))?;
        let Stats { steps, neurons, sections, synapses, is_full, experience, bytes, .. } = stats;
        let dict = PyDict::new(py);
        dict.set_item("steps", steps)?;
        dict.set_item("neurons", neurons)?;
        dict.set_item("sections", sections)?;
        dict.set_item("synapses", synapses)?;
        dict.set_item("is_full", is_full)?;
        dict.set_item("experience", experience)?;
        dict.set_item("bytes", bytes)?;
        dict.set_item("instructions", stats.instructions)?;
        Ok(dict)
    }
}

impl Network {
    fn lock(&self) -> PyResult<MutexGuard<'_, hanami_network::Network>> {
        let what = "an earlier call has failed midway; the network can't be used any more";
        self.core.lock().map_err(|_| PyRuntimeError::new_err(what))
    }

    fn predict_rows(
        &self,
        inputs: &[u8],
        course: &mut Course,
        answers: &mut Vec<u8>,
    ) -> PyResult<()> {
        let mut network = self.lock()?;
        let mut input = vec![0.0; self.input_width];
        let mut answer = vec![0.0; self.output_width];
        for row in inputs.chunks_exact(self.input_width * VALUE) {
            read(row, &mut input);
            let answered = network.predict_next(course, &input, &mut answer);
            answered.map_err(|error| value_error(&error))?;
            write(&answer, answers);
        }
        Ok(())
    }

    fn train_rows(&self, inputs: &[u8], targets: &[u8], answers: &mut Vec<u8>) -> PyResult<()> {
        let mut network = self.lock()?;
        let mut input = vec![0.0; self.input_width];
        let mut target = vec![0.0; self.output_width];
        let mut answer = vec![0.0; self.output_width];
        let inputs = inputs.chunks_exact(self.input_width * VALUE);
        for (row, expected) in inputs.zip(targets.chunks_exact(self.output_width * VALUE)) {
            read(row, &mut input);
            read(expected, &mut target);
            network.train(&input, &target, &mut answer).map_err(|error| value_error(&error))?;
            write(&answer, answers);
        }
        Ok(())
    }
}

impl From<hanami_network::Network> for Network {
    fn from(network: hanami_network::Network) -> Self {
        let (input_width, output_width) = (network.input_width(), network.output_width());
        Self { core: Mutex::new(network), input_width, output_width }
    }
}

/// The number of rows of `width` values in `bytes`.
fn count_rows(what: &str, bytes: &[u8], width: usize) -> PyResult<usize> {
    if bytes.len().is_multiple_of(width * VALUE) {
        return Ok(bytes.len() / (width * VALUE));
    }
    let found = bytes.len() / VALUE;
    Err(value_error(&format!("{what} must be rows of {width} values, but has {found} values")))
}

fn ports(ports: &[Port]) -> Vec<(String, usize)> {
    ports.iter().map(|port| (port.name.clone(), port.width)).collect()
}

fn read(bytes: &[u8], values: &mut [f32]) {
    let (chunks, _) = bytes.as_chunks::<VALUE>();
    for (value, chunk) in values.iter_mut().zip(chunks) {
        *value = f32::from_ne_bytes(*chunk);
    }
}

fn write(values: &[f32], bytes: &mut Vec<u8>) {
    for value in values {
        bytes.extend_from_slice(&value.to_ne_bytes());
    }
}

fn value_error(reason: &impl ToString) -> PyErr {
    PyValueError::new_err(reason.to_string())
}

/// Hanami's learning core.
#[pymodule]
fn _network(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Network>()
}
