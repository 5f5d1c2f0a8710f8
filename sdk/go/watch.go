package hanami

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
)

// Watch follows a task of cluster: how far it has come now, and whenever that has changed, a few times a
// second at most, up to its end. An aborted task is no error here. The last pair has an error if the task is
// deleted, or the user may not see it any more. A connection that breaks is made again.
func (c *Client) Watch(
	ctx context.Context, cluster ClusterUUID, task TaskUUID,
) iter.Seq2[Progress, error] {
	request := request{
		method: http.MethodGet, path: apiPrefix + "/task/events", query: byTask(cluster, task),
		patient: true,
	}
	return func(yield func(Progress, error) bool) {
		for attempt := 0; ; attempt++ {
			err := c.follow(ctx, request, func(progress Progress) bool {
				attempt = 0
				return yield(progress, nil)
			})
			if err == nil {
				return
			}
			if !worthRetrying(request, err) || !c.transport.pause(ctx, attempt, err) {
				yield(Progress{}, err)
				return
			}
		}
	}
}

// follow hands the progress in one stream of events to each, up to its end or until each wants no more.
func (c *Client) follow(
	ctx context.Context, request request, each func(Progress) bool,
) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	answer, err := withToken(ctx, c, func(token string) (*http.Response, error) {
		return c.transport.open(ctx, request, token)
	})
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	events := newEvents(answer.Body, func() { cancel(errSilent) })
	defer events.close()
	for {
		event, err := events.next()
		if err != nil {
			if errors.Is(context.Cause(ctx), errSilent) {
				err = errSilent
			}
			return c.transport.failed("following a task", err)
		}
		switch event.name {
		case "progress":
			var progress Progress
			if err := json.Unmarshal(event.data, &progress); err != nil {
				return c.transport.failed("following a task", err)
			}
			if !each(progress) {
				return nil
			}
		case "problem":
			problem := &Error{}
			if err := json.Unmarshal(event.data, problem); err != nil {
				return c.transport.failed("following a task", err)
			}
			return problem
		case "end":
			return nil
		}
	}
}
