package hanami

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"hanami.local/sdk/hanami/internal/frames"
)

// Direct is a live connection to a cluster in [DirectMode].
//
// Each call sends the values of all named bricks at once and waits for the answer. Inputs that are not
// named count as 0; outputs that are not named have nothing to learn from this sample. A call that fails,
// or whose context ends, ends the connection, and so does an hour of silence, unless the server is set
// otherwise.
//
// It is safe for concurrent use; calls take turns. For calls in parallel open several.
type Direct struct {
	mutex sync.Mutex
	// socket is for whoever holds the mutex; nil once the connection has ended.
	socket *socket
	// message is the frame being written and answer the one read; their memory is used again.
	message, answer frames.ClusterIO
}

var (
	errNoBricks = errors.New("hanami: no brick was given; name at least one brick and its values")
	errEnded    = errors.New("hanami: this direct connection has ended; open another one")
)

// Direct opens a live connection to cluster, which has to be in [DirectMode]; else it is a
// [*WebsocketError].
func (c *Client) Direct(ctx context.Context, cluster ClusterUUID) (*Direct, error) {
	// Gets a new token, if that is due.
	if _, err := c.Cluster(ctx, cluster); err != nil {
		return nil, err
	}
	socket, err := c.openSocket(ctx, clusterSocket, string(cluster))
	if err != nil {
		return nil, err
	}
	return &Direct{socket: socket}, nil
}

// Request returns what the cluster says to these inputs: the values of its output bricks. A brick that
// does not exist, or has another number of values, is a [*WebsocketError].
func (d *Direct) Request(ctx context.Context, inputs Bricks) (Values, error) {
	return d.run(ctx, frames.Request, inputs, nil)
}

// Train lets the cluster learn that these inputs mean these targets, and returns once it has. A brick that
// does not exist, or has another number of values, is a [*WebsocketError].
func (d *Direct) Train(ctx context.Context, inputs, targets Bricks) error {
	_, err := d.run(ctx, frames.Train, inputs, targets)
	return err
}

// Close ends the connection. It never fails; closing one that has ended does nothing.
func (d *Direct) Close() error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.socket != nil {
		d.socket.close()
		d.socket = nil
	}
	return nil
}

func (d *Direct) run(
	ctx context.Context, process frames.ProcessType, inputs, targets Bricks,
) (Values, error) {
	if len(inputs)+len(targets) == 0 {
		return nil, errNoBricks
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.socket == nil {
		return nil, errEnded
	}
	if err := d.converse(ctx, process, inputs, targets); err != nil {
		d.socket.abandon()
		d.socket = nil
		return nil, err
	}
	return slices.Clone(d.answer.Values), nil
}

// converse fills the bricks, runs the cluster with the last one, and reads all answers.
func (d *Direct) converse(
	ctx context.Context, process frames.ProcessType, inputs, targets Bricks,
) error {
	count := len(inputs) + len(targets)
	left := count
	for _, bricks := range [...]Bricks{inputs, targets} {
		// In order, so that of several mistakes always the same one is told.
		for _, name := range slices.Sorted(maps.Keys(bricks)) {
			values := bricks[name]
			left--
			d.message = frames.ClusterIO{
				BrickName: name, IsLast: left == 0, ProcessType: process,
				NumberOfValues: uint64(len(values)), Values: values,
			}
			if err := d.socket.send(ctx, &d.message); err != nil {
				return err
			}
		}
	}
	for range count {
		if err := d.socket.receive(ctx, &d.answer); err != nil {
			return err
		}
	}
	return nil
}
