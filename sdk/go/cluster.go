package hanami

import "context"

// Cluster is a network on the server and its queue of tasks.
type Cluster struct {
	Resource
	// UUID names the cluster.
	UUID ClusterUUID `json:"uuid"`
}

// ClusterDetails is a cluster and what has grown in it.
type ClusterDetails struct {
	Cluster
	// Mode is how it takes work.
	Mode Mode `json:"mode"`
	// OpenTasks is the number of its queued and running tasks.
	OpenTasks int64 `json:"open_tasks"`
	// Network is what it is made of at present; nil for an empty cluster.
	Network *NetworkSize `json:"network,omitempty"`
	// Template is the text of its template; empty for an empty cluster.
	Template string `json:"template,omitempty"`
	// Bricks are those of its network, in the order of the template.
	Bricks []Brick `json:"bricks"`
	// Host is what it computes on.
	Host HostUUID `json:"host_uuid"`
	// Created is when it was made.
	Created Timestamp `json:"create_timestamp"`
	// LastUsed is when it last learned or answered.
	LastUsed Timestamp `json:"last_used_timestamp"`
}

// Brick is a group of neurons of a network.
type Brick struct {
	// Name is that of an input or output brick; empty for an inner one.
	Name string `json:"name,omitempty"`
	// Kind is what it is for.
	Kind BrickKind `json:"kind"`
	// Position is where it lies in the grid: x, y, z.
	Position [3]int `json:"position"`
	// NeuronsLimit is the number of neurons that it may have.
	NeuronsLimit int64 `json:"neurons_limit"`
	// Neurons is the number of neurons in use.
	Neurons int64 `json:"neurons"`
	// Sections is the number of sections that lead to them.
	Sections int64 `json:"sections"`
	// Synapses is the number of synapses of these sections.
	Synapses int64 `json:"synapses"`
	// Bytes is the memory held for them; 0 for an input brick, whose memory counts in the total only.
	Bytes int64 `json:"bytes,omitempty"`
	// Activity is the share of its neurons that fire, over about the last 1000 samples taught; of an input
	// brick, the share of values that make signals. It is nil until something is taught after a start of the
	// server.
	Activity *float64 `json:"activity,omitempty"`
	// Error is how wrong its neurons are on average, over about the last 1000 samples taught: how far the
	// answers of an output brick are from what was expected, or the size of an inner brick's gradients. It
	// is nil for inputs, and until something is taught after a start of the server.
	Error *float64 `json:"error,omitempty"`
}

// BrickKind is what a brick is for.
type BrickKind string

const (
	// InputBrick takes values in.
	InputBrick BrickKind = "input"
	// InnerBrick lies between others.
	InnerBrick BrickKind = "inner"
	// OutputBrick gives values out.
	OutputBrick BrickKind = "output"
)

// NetworkSize is what a network is made of.
type NetworkSize struct {
	// Steps is the number of training steps taken.
	Steps int64 `json:"steps"`
	// Neurons is the number of neurons in use.
	Neurons int64 `json:"neurons"`
	// Sections is the number of sections grown.
	Sections int64 `json:"sections"`
	// Synapses is the number of synapses grown.
	Synapses int64 `json:"synapses"`
	// Bytes is the memory held.
	Bytes int64 `json:"bytes"`
}

// Mode is how a cluster takes work.
type Mode string

const (
	// TaskMode is from its queue of tasks.
	TaskMode Mode = "TASK"
	// DirectMode is over a live connection, one sample at a time.
	DirectMode Mode = "DIRECT"
)

// NewCluster is what [Client.CreateCluster] makes a cluster of.
type NewCluster struct {
	// Name is unique among what one sees, and has 4 to 256 letters, digits, "_" and spaces, the first a
	// letter.
	Name string
	// Template is the text of the template; without it the cluster is empty, for [Client.Load] to fill.
	Template string
	// Checkpoint gives the cluster its network and template, in the place of Template.
	Checkpoint CheckpointUUID
}

// CreateCluster makes a cluster. A template with a mistake is [ErrInvalidTemplate], and the detail shows
// the place; a name that exists is [ErrConflict].
func (c *Client) CreateCluster(ctx context.Context, cluster NewCluster) (Cluster, error) {
	// encoding/json writes bytes as base64, which is how a template travels.
	return post[Cluster](ctx, c, "/cluster", struct {
		Name       string         `json:"name"`
		Template   []byte         `json:"template,omitempty"`
		Checkpoint CheckpointUUID `json:"checkpoint_uuid,omitempty"`
	}{cluster.Name, []byte(cluster.Template), cluster.Checkpoint})
}

// Cluster returns a cluster.
func (c *Client) Cluster(ctx context.Context, uuid ClusterUUID) (ClusterDetails, error) {
	return get[ClusterDetails](ctx, c, "/cluster", byUUID(uuid))
}

// Clusters returns all clusters that one may see.
func (c *Client) Clusters(ctx context.Context) ([]Cluster, error) {
	return list[Cluster](ctx, c, "/cluster/all", nil)
}

// DeleteCluster deletes a cluster with its tasks; checkpoints and request results stay.
func (c *Client) DeleteCluster(ctx context.Context, uuid ClusterUUID) error {
	return remove(ctx, c, "/cluster", byUUID(uuid))
}

// ModeSet is the answer to [Client.SetMode].
type ModeSet struct {
	// UUID names the cluster.
	UUID ClusterUUID `json:"uuid"`
	// Name is the name of the cluster.
	Name string `json:"name"`
	// NewState is the mode it is in now.
	NewState Mode `json:"new_state"`
}

// SetMode lets a cluster take work from its queue or over live connections. While there are tasks in the
// queue it is [ErrConflict].
func (c *Client) SetMode(ctx context.Context, uuid ClusterUUID, mode Mode) (ModeSet, error) {
	return put[ModeSet](ctx, c, "/cluster/set_mode", map[string]any{"uuid": uuid, "new_state": mode})
}

// SwitchHost moves a cluster to another host.
func (c *Client) SwitchHost(ctx context.Context, uuid ClusterUUID, host HostUUID) (Cluster, error) {
	body := map[string]any{"cluster_uuid": uuid, "host_uuid": host}
	return put[Cluster](ctx, c, "/cluster/switch_host", body)
}
