//! The machine that the server runs on: `/control/v1/system_info` and its like.

use hanami_api::system::{
    Clock, Power, PowerConsumption, Reading, Speed, SystemInfo, Temperature, TemperatureProduction,
    Thread, Threading, Topology,
};

use crate::{ClientError, Hanami};

impl Hanami {
    /// What the host is made of.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn system_info(&self) -> Result<Topology, ClientError> {
        let SystemInfo { info } = self.get("/system_info", &()).await?;
        Ok(info)
    }

    /// The server's threads, and which hardware threads they may run on.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn threads(&self) -> Result<Reading<Vec<Thread>>, ClientError> {
        let Threading { thread_map } = self.get("/threading", &()).await?;
        Ok(thread_map)
    }

    /// The clock of each hardware thread.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn speed(&self) -> Result<Reading<Vec<Clock>>, ClientError> {
        let Speed { current_speed } = self.get("/speed", &()).await?;
        Ok(current_speed)
    }

    /// The power that the parts of the machine take.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn power(&self) -> Result<Reading<Vec<Power>>, ClientError> {
        let PowerConsumption { power } = self.get("/power_consumption", &()).await?;
        Ok(power)
    }

    /// The temperatures at the machine's sensors.
    ///
    /// # Errors
    ///
    /// If the server can't be reached or does not accept the token.
    pub async fn temperature(&self) -> Result<Reading<Vec<Temperature>>, ClientError> {
        let TemperatureProduction { temperature } =
            self.get("/temperature_production", &()).await?;
        Ok(temperature)
    }
}
