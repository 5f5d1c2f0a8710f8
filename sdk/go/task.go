package hanami

import (
	"context"
	"net/url"
)

// TaskType is what a task does with its dataset.
type TaskType string

const (
	// Train learns every sample.
	Train TaskType = "train"
	// Request predicts every sample; it makes a request result.
	Request TaskType = "request"
)

// TaskState is how far a task has come.
type TaskState string

const (
	// Queued is waiting for its turn.
	Queued TaskState = "queued"
	// Active is running.
	Active TaskState = "active"
	// Aborted is stopped or failed.
	Aborted TaskState = "aborted"
	// Finished is done.
	Finished TaskState = "finished"
)

// NewTask is what [Client.CreateTask] queues.
type NewTask struct {
	// Name of the task, and of the result it makes.
	Name string `json:"name"`
	// Type is what to do.
	Type TaskType `json:"type"`
	// Cluster is what does it.
	Cluster ClusterUUID `json:"cluster_uuid"`
	// Dataset is what it is done with.
	Dataset DatasetUUID `json:"dataset_uuid"`

	// Epochs is how often a training goes through the dataset, at most 1000; 0 is once.
	Epochs int `json:"epochs,omitempty"`
	// Shuffle lets a training take the samples in another, random order in each epoch.
	Shuffle bool `json:"shuffle,omitempty"`
	// Seed is what the random order depends on; the same seed gives the same order.
	Seed uint64 `json:"seed,omitempty"`
	// ValidationShare is the share of the samples, up to 0.5, that a training does not learn but is judged
	// by after each epoch.
	ValidationShare float64 `json:"validation_share,omitempty"`
	// Mapping is which columns of a table which brick reads: a [WindowMapping] or a [RowMapping]. Without
	// it, each brick reads the column that is named like it, through a window.
	Mapping Mapping `json:"mapping,omitempty"`
	// FullOutputs lets the result of a request hold all output values of each row; see [Client.Outputs].
	FullOutputs bool `json:"full_outputs,omitempty"`
}

// Task is a task that was queued.
type Task struct {
	// UUID names the task.
	UUID TaskUUID `json:"uuid"`
	// Name is the name of the task.
	Name string `json:"name"`
}

// Result is the uuid of the result that a [Request] task makes; it exists once the task is finished.
func (t Task) Result() ResultUUID {
	return ResultUUID(t.UUID)
}

// TaskEntry is a task in a list.
type TaskEntry struct {
	// UUID names the task.
	UUID TaskUUID `json:"uuid"`
	// State is how far it has come.
	State TaskState `json:"state"`
	// Done is the share done, 0.0 to 1.0.
	Done Share `json:"percentage"`
	// Queued, Started and Ended are when it was.
	Queued  Timestamp `json:"queued"`
	Started Timestamp `json:"start"`
	Ended   Timestamp `json:"end"`
}

// Progress is how far a task has come.
type Progress struct {
	// Done is the share done, 0.0 to 1.0.
	Done float64 `json:"percentage_finished"`
	// State is how far it has come.
	State TaskState `json:"state"`
	// Queued, Started and Ended are when it was.
	Queued  Timestamp `json:"queue_timestamp"`
	Started Timestamp `json:"start_timestamp"`
	Ended   Timestamp `json:"end_timestamp"`
	// Samples is the number of samples worked through, of all epochs.
	Samples int64 `json:"samples"`
	// TotalSamples is the number of samples that the task consists of, over all epochs.
	TotalSamples int64 `json:"total_samples"`
	// Epoch is the epoch that a training is in, or ended in, from 1; 0 for other tasks.
	Epoch int `json:"epoch,omitempty"`
	// RunningAccuracy is the share in percent of the samples so far whose answer was right before it was
	// learned; nil but for a training with classes.
	RunningAccuracy *float64 `json:"running_accuracy,omitempty"`
	// RunningLoss is the mean squared error over all outputs and the samples so far, before they were
	// learned; nil but for a training.
	RunningLoss *float64 `json:"running_loss,omitempty"`
	// Accuracy is RunningAccuracy of the last 1000 samples only, and Loss is RunningLoss of them, while a
	// training runs.
	Accuracy *float64 `json:"accuracy,omitempty"`
	Loss     *float64 `json:"loss,omitempty"`
	// Synapses is the number of synapses of the network, while a training runs.
	Synapses *int64 `json:"synapses,omitempty"`
	// Validation has one report per epoch of a training with samples held out.
	Validation []Validation `json:"validation,omitempty"`
	// SamplesPerSecond is the speed of a task that runs.
	SamplesPerSecond *float64 `json:"samples_per_second,omitempty"`
	// SecondsLeft is what it takes yet at this speed.
	SecondsLeft *float64 `json:"seconds_left,omitempty"`
	// Error is why the task failed.
	Error string `json:"error,omitempty"`
}

// Validation is how well a training did on the samples that it does not learn.
type Validation struct {
	// Epoch is the epoch that had ended, or was aborted, from 1.
	Epoch int `json:"epoch"`
	// Samples is the number of samples that were predicted.
	Samples int64 `json:"samples"`
	// Accuracy is the share of right answers in percent; nil where there are no classes.
	Accuracy *float64 `json:"accuracy,omitempty"`
	// Loss is the mean squared error over all outputs and samples.
	Loss float64 `json:"loss"`
}

// CreateTask queues a task. Bricks that are not those that the dataset needs are [ErrDatasetMismatch], a
// cluster in direct mode is [ErrConflict].
func (c *Client) CreateTask(ctx context.Context, task NewTask) (Task, error) {
	return post[Task](ctx, c, "/task", task)
}

// Task tells how far a task of cluster has come.
func (c *Client) Task(ctx context.Context, cluster ClusterUUID, task TaskUUID) (Progress, error) {
	return get[Progress](ctx, c, "/task", byTask(cluster, task))
}

// Tasks returns all tasks of cluster, in the order of its queue.
func (c *Client) Tasks(ctx context.Context, cluster ClusterUUID) ([]TaskEntry, error) {
	return list[TaskEntry](ctx, c, "/task/all", params("cluster_uuid", string(cluster)))
}

// DeleteTask deletes a task of cluster; one that runs is aborted.
func (c *Client) DeleteTask(ctx context.Context, cluster ClusterUUID, task TaskUUID) error {
	return remove(ctx, c, "/task", byTask(cluster, task))
}

func byTask(cluster ClusterUUID, task TaskUUID) url.Values {
	return params("uuid", string(task), "cluster_uuid", string(cluster))
}
