package hanami

import "context"

// RequestResultEntry is a request result in a list.
type RequestResultEntry struct {
	Resource
	// UUID names the result and the task that made it.
	UUID ResultUUID `json:"uuid"`
}

// RequestResult is what a request task found.
type RequestResult struct {
	RequestResultEntry
	// Data is one number per row: for images the index of the highest output, for tables the newest value
	// of the first output brick. It is shorter than a table by the rows that the first window needed.
	Data Numbers `json:"data"`
}

// RequestResult returns what a request task found.
func (c *Client) RequestResult(ctx context.Context, uuid ResultUUID) (RequestResult, error) {
	return get[RequestResult](ctx, c, "/request_result", byUUID(uuid))
}

// RequestResults returns all request results that one may see.
func (c *Client) RequestResults(ctx context.Context) ([]RequestResultEntry, error) {
	return list[RequestResultEntry](ctx, c, "/request_result/all", nil)
}

// DeleteRequestResult deletes a request result.
func (c *Client) DeleteRequestResult(ctx context.Context, uuid ResultUUID) error {
	return remove(ctx, c, "/request_result", byUUID(uuid))
}
