//! Direct mode: a live connection to a cluster, one sample at a time.

use std::fmt;

use hanami_api::{
    Uuid,
    direct::Target,
    frames::{ClusterIoMessage, ClusterProcessType},
};

use crate::{ClientError, Hanami, socket::Socket};

/// A live connection to a cluster in [direct mode](crate::Mode::Direct).
///
/// Each call sends the values of all named bricks at once and waits for the answer. Inputs that are
/// not named count as 0; outputs that are not named have nothing to learn from this sample. A call
/// that fails ends the connection, and so does an hour of silence, unless the server is set otherwise.
///
/// On a runtime with several threads, calls from a spawned task are answered sooner than calls from
/// `block_on` (which is where an async `main` runs): the latter's thread has to be woken each time.
///
/// ```no_run
/// # use hanami_client::{ClientError, Hanami, Mode, Uuid};
/// # async fn run(hanami: Hanami, cluster: Uuid) -> Result<(), ClientError> {
/// hanami.set_mode(cluster, Mode::Direct).await?;
/// let mut direct = hanami.direct(cluster).await?;
/// direct.train(&[("voltage", &[0.1, 0.9])], &[("alarm", &[1.0])]).await?;
/// let outputs = direct.request(&[("voltage", &[0.2, 0.8])]).await?;
/// println!("likelihood of an alarm: {}", outputs[0]);
/// # Ok(())
/// # }
/// ```
pub struct Direct {
    socket: Socket,
    cluster: Uuid,
    message: ClusterIoMessage,
}

/// Values for a brick: its name, and one value per neuron.
type Brick<'a> = (&'a str, &'a [f32]);

impl Hanami {
    /// Opens a live connection to `cluster`, which has to be in direct mode.
    ///
    /// # Errors
    ///
    /// [`ClientError::Refused`] if there is no such cluster, [`ClientError::WebsocketRefused`] if
    /// it is in task mode.
    pub async fn direct(&self, cluster: Uuid) -> Result<Direct, ClientError> {
        // The websocket can't replace a token that has expired, a request can.
        self.cluster(cluster).await?;
        Ok(Direct {
            socket: Socket::open(self, Target::Cluster, cluster).await?,
            cluster,
            message: ClusterIoMessage::default(),
        })
    }
}

impl Direct {
    /// What the cluster says to these inputs: the values of its outputs.
    ///
    /// # Errors
    ///
    /// [`ClientError::Closed`] if a brick does not exist or has another number of values.
    pub async fn request(&mut self, inputs: &[Brick<'_>]) -> Result<Vec<f32>, ClientError> {
        self.run(ClusterProcessType::RequestType, inputs, &[]).await
    }

    /// Lets the cluster learn that these inputs mean these targets; returns once it has.
    ///
    /// # Errors
    ///
    /// [`ClientError::Closed`] if a brick does not exist or has another number of values.
    pub async fn train(
        &mut self,
        inputs: &[Brick<'_>],
        targets: &[Brick<'_>],
    ) -> Result<(), ClientError> {
        self.run(ClusterProcessType::TrainType, inputs, targets).await.map(drop)
    }

    /// Closes the connection. Dropping it does too, without a word to the server.
    ///
    /// # Errors
    ///
    /// If the connection broke before.
    pub async fn close(self) -> Result<(), ClientError> {
        self.socket.close().await
    }

    /// Fills the bricks, runs the cluster with the last one, and returns the answer to that.
    async fn run(
        &mut self,
        process: ClusterProcessType,
        inputs: &[Brick<'_>],
        targets: &[Brick<'_>],
    ) -> Result<Vec<f32>, ClientError> {
        let count = inputs.len() + targets.len();
        if count == 0 {
            return Err(ClientError::NoBricks);
        }
        // A call that was dropped midway has left its answers behind.
        let stale = self.socket.unanswered();
        self.message.set_process_type(process);
        for (index, (brick, values)) in inputs.iter().chain(targets).enumerate() {
            self.message.brick_name.clear();
            self.message.brick_name.push_str(brick);
            self.message.is_last = index + 1 == count;
            self.message.number_of_values = values.len() as u64;
            self.message.values.clear();
            self.message.values.extend_from_slice(values);
            self.socket.feed(&self.message).await?;
        }
        self.socket.flush().await?;
        let mut answer = ClusterIoMessage::default();
        for _ in 0..stale + count {
            answer = self.socket.receive().await?;
        }
        Ok(answer.values)
    }
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct").field("cluster", &self.cluster).finish_non_exhaustive()
    }
}
