package hanami

import "context"

// Allowance is how much of one thing a project may hold, and how much it holds.
type Allowance struct {
	// Limit is how much it may hold.
	Limit int64 `json:"limit"`
	// Used is how much it holds; more than the limit, if that was lowered or a cluster has grown.
	Used int64 `json:"used"`
}

// Quota is what a project may hold, and what it holds.
type Quota struct {
	// ID is the id of the project.
	ID string `json:"id"`
	// DatasetBytes counts datasets, declared sizes during an upload and the file once they are ready,
	// and request results, those that open tasks will make too.
	DatasetBytes Allowance `json:"dataset_bytes"`
	// CheckpointBytes counts checkpoints.
	CheckpointBytes Allowance `json:"checkpoint_bytes"`
	// ClusterBytes counts the saved networks of clusters.
	ClusterBytes Allowance `json:"cluster_bytes"`
	// Clusters counts clusters.
	Clusters Allowance `json:"clusters"`
	// OpenTasks counts queued and running tasks.
	OpenTasks Allowance `json:"open_tasks"`
}

// Limits are what a project may hold. Where there is none, the default of the server counts.
type Limits struct {
	// DatasetBytes is for datasets and request results.
	DatasetBytes *int64 `json:"dataset_bytes,omitempty"`
	// CheckpointBytes is for checkpoints.
	CheckpointBytes *int64 `json:"checkpoint_bytes,omitempty"`
	// ClusterBytes is for clusters.
	ClusterBytes *int64 `json:"cluster_bytes,omitempty"`
	// Clusters is the number of clusters.
	Clusters *int64 `json:"clusters,omitempty"`
	// OpenTasks is the number of queued and running tasks.
	OpenTasks *int64 `json:"open_tasks,omitempty"`
}

// MyQuota tells what the project that one works in may hold, and what it holds.
func (c *Client) MyQuota(ctx context.Context) (Quota, error) {
	return get[Quota](ctx, c, "/project/quota", nil)
}

// Quota tells what a project may hold, and what it holds. For global admins.
func (c *Client) Quota(ctx context.Context, projectID string) (Quota, error) {
	return get[Quota](ctx, c, "/project/quota", params("id", projectID))
}

// SetQuota gives a project limits of its own, in the place of those it had. For global admins.
func (c *Client) SetQuota(ctx context.Context, projectID string, limits Limits) (Quota, error) {
	return put[Quota](ctx, c, "/project/quota", struct {
		ID string `json:"id"`
		Limits
	}{projectID, limits})
}
