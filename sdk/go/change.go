package hanami

import "context"

// Change is what to change of a cluster, a dataset, a checkpoint or a request result. What is empty stays.
// It is for the owner, the admins of its project and global admins.
type Change struct {
	// Name is the new name.
	Name string `json:"name,omitempty"`
	// Visibility is who else may see and use it from now on.
	Visibility Visibility `json:"visibility,omitempty"`
}

// ChangeCluster changes the name or the visibility of a cluster.
func (c *Client) ChangeCluster(
	ctx context.Context, uuid ClusterUUID, change Change,
) (Cluster, error) {
	return apply[Cluster](ctx, c, "/cluster", uuid, change)
}

// ChangeDataset changes the name or the visibility of a dataset.
func (c *Client) ChangeDataset(
	ctx context.Context, uuid DatasetUUID, change Change,
) (Dataset, error) {
	return apply[Dataset](ctx, c, "/dataset", uuid, change)
}

// ChangeCheckpoint changes the name or the visibility of a checkpoint.
func (c *Client) ChangeCheckpoint(
	ctx context.Context, uuid CheckpointUUID, change Change,
) (Checkpoint, error) {
	return apply[Checkpoint](ctx, c, "/checkpoint", uuid, change)
}

// ChangeRequestResult changes the name or the visibility of a request result.
func (c *Client) ChangeRequestResult(
	ctx context.Context, uuid ResultUUID, change Change,
) (RequestResult, error) {
	return apply[RequestResult](ctx, c, "/request_result", uuid, change)
}

func apply[T any, UUID ~string](
	ctx context.Context, c *Client, path string, uuid UUID, change Change,
) (T, error) {
	return put[T](ctx, c, path, struct {
		UUID UUID `json:"uuid"`
		Change
	}{uuid, change})
}
