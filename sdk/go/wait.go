package hanami

import (
	"context"
	"time"
)

const (
	// shortestLook is the pause between two looks at a task that is about to end.
	shortestLook = 5 * time.Millisecond
	// longestLook is the pause between two looks at a task that takes long.
	longestLook = 200 * time.Millisecond
)

// Wait waits until a task of cluster is finished, and tells watch several times a second how far it has
// come; watch may be nil. A task that was stopped or failed is a [*TaskAbortedError], one that was
// deleted is [ErrNotFound].
func (c *Client) Wait(
	ctx context.Context, cluster ClusterUUID, task TaskUUID, watch func(Progress),
) (Progress, error) {
	start := time.Now()
	for {
		progress, err := c.Task(ctx, cluster, task)
		if err != nil {
			return progress, err
		}
		if watch != nil {
			watch(progress)
		}
		switch progress.State {
		case Finished:
			return progress, nil
		case Aborted:
			return progress, &TaskAbortedError{Task: task, Reason: progress.Error}
		}
		select {
		case <-time.After(nextLook(time.Since(start), progress.Done)):
		case <-ctx.Done():
			return progress, c.transport.failed("waiting for a task", ctx.Err())
		}
	}
}

// nextLook is how long not to look at a task that has done a share in the time passed: for as long as it
// seems to need yet, so that its end is seen soon, but not for too long, so that its progress is seen too.
func nextLook(passed time.Duration, done float64) time.Duration {
	left := float64(passed)
	if done > 0 {
		left *= max(1-done, 0) / done
	}
	return time.Duration(min(max(left, float64(shortestLook)), float64(longestLook)))
}
