//! What a server counts, as it tells everybody.

use anyhow::{Context, Result};
use reqwest::Client;

/// The counts of the server at one URL.
#[derive(Debug)]
pub(crate) struct Metrics {
    client: Client,
    url: String,
}

impl Metrics {
    /// Makes ready to ask the server at this URL.
    ///
    /// # Errors
    ///
    /// If the system gives no means for it.
    pub(crate) fn new(address: &str) -> Result<Self> {
        // Fails if that was done before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().build()?;
        Ok(Self { client, url: format!("{address}/metrics") })
    }

    /// The present values of metrics without labels, in the order of their names.
    ///
    /// # Errors
    ///
    /// If the server does not answer, or does not know one of them.
    pub(crate) async fn read<const N: usize>(&self, names: [&str; N]) -> Result<[f64; N]> {
        let text = self.client.get(&self.url).send().await?.error_for_status()?.text().await?;
        let mut values = [0.0; N];
        for (value, name) in values.iter_mut().zip(names) {
            let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            *value = found.with_context(|| format!("no metric {name}"))?.parse()?;
        }
        Ok(values)
    }
}
