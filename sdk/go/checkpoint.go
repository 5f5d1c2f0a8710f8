package hanami

import (
	"context"
	"io"
	"net/http"
)

// CheckpointEntry is a checkpoint in a list.
type CheckpointEntry struct {
	Resource
	// UUID names the checkpoint.
	UUID CheckpointUUID `json:"uuid"`
}

// Checkpoint is the network and the template of a cluster as they were when it was saved.
type Checkpoint struct {
	CheckpointEntry
	// Location is where the server keeps it, relative to its data directory.
	Location string `json:"location"`
	// Steps is the number of training steps that its network has taken.
	Steps int64 `json:"steps"`
}

// SaveQueued is the answer to [Client.Save].
type SaveQueued struct {
	// UUID names the task that saves.
	UUID TaskUUID `json:"uuid"`
	// Name is the name of the task and of the checkpoint.
	Name string `json:"name"`
}

// Checkpoint is the uuid of the checkpoint, which exists once the task is finished.
func (s SaveQueued) Checkpoint() CheckpointUUID {
	return CheckpointUUID(s.UUID)
}

// Save queues a task that makes a checkpoint of a cluster. An empty cluster, or one in direct mode, is
// [ErrConflict].
func (c *Client) Save(ctx context.Context, name string, cluster ClusterUUID) (SaveQueued, error) {
	body := map[string]any{"name": name, "cluster_uuid": cluster}
	return post[SaveQueued](ctx, c, "/cluster/save", body)
}

// Load queues a task that replaces the network and the template of a cluster by those of a checkpoint,
// which may be deleted right after this call. A cluster in direct mode is [ErrConflict].
func (c *Client) Load(
	ctx context.Context, checkpoint CheckpointUUID, cluster ClusterUUID,
) (TaskUUID, error) {
	body := map[string]any{"checkpoint_uuid": checkpoint, "cluster_uuid": cluster}
	queued, err := post[Task](ctx, c, "/cluster/load", body)
	return queued.UUID, err
}

// Checkpoint returns a checkpoint.
func (c *Client) Checkpoint(ctx context.Context, uuid CheckpointUUID) (Checkpoint, error) {
	return get[Checkpoint](ctx, c, "/checkpoint", byUUID(uuid))
}

// Checkpoints returns all checkpoints that one may see.
func (c *Client) Checkpoints(ctx context.Context) ([]CheckpointEntry, error) {
	return list[CheckpointEntry](ctx, c, "/checkpoint/all", nil)
}

// DeleteCheckpoint deletes a checkpoint.
func (c *Client) DeleteCheckpoint(ctx context.Context, uuid CheckpointUUID) error {
	return remove(ctx, c, "/checkpoint", byUUID(uuid))
}

// DownloadCheckpoint writes the file of a checkpoint to w, for any server to take with
// [Client.UploadCheckpoint], and returns its size. After an error, what was written is not to be used.
func (c *Client) DownloadCheckpoint(
	ctx context.Context, uuid CheckpointUUID, w io.Writer,
) (int64, error) {
	return c.download(ctx, "/checkpoint/download", byUUID(uuid), w)
}

// UploadCheckpoint makes a checkpoint of a file that was downloaded. A file that is damaged is
// [ErrInvalidCheckpoint].
func (c *Client) UploadCheckpoint(
	ctx context.Context, name string, source Source,
) (CheckpointUUID, error) {
	file, err := source.open()
	if err != nil {
		return "", err
	}
	defer file.close()
	// The file is sent once: a token that has expired has to show before that.
	if _, err := c.Identity(ctx); err != nil {
		return "", err
	}
	uploaded, err := send[CheckpointEntry](ctx, c, request{
		method: http.MethodPost, path: apiPrefix + "/checkpoint/upload", query: params("name", name),
		content: &content{kind: binaryKind, size: file.size, reader: file}, patient: true,
	})
	return uploaded.UUID, err
}
