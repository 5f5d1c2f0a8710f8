package hanami

import (
	"context"
	"io"
	"iter"
	"net/url"
	"strconv"
)

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
	// DatasetType is the type of the dataset that was asked about.
	DatasetType DatasetType `json:"dataset_type"`
	// Column is the column of the dataset that Data answers; empty for images.
	Column string `json:"column"`
	// Rows is the number of answers.
	Rows int64 `json:"rows"`
	// HasOutputs is whether all output values of each row were kept.
	HasOutputs bool `json:"has_outputs"`
	// Created is when it was made.
	Created Timestamp `json:"created"`
}

// Outputs are the output values of some rows of a request result.
type Outputs struct {
	// From is the first row, counted from 0.
	From int64 `json:"from"`
	// Rows is the number of rows of the whole result.
	Rows int64 `json:"rows"`
	// Width is the number of values of a row, those of all bricks.
	Width int `json:"width"`
	// Bricks are the output bricks in the order of their values.
	Bricks []OutputValues `json:"bricks"`
	// Outputs are the values, row by row.
	Outputs []Values `json:"outputs"`
}

// OutputValues are the share of one brick in the values of a row.
type OutputValues struct {
	// Name is the name of the brick.
	Name string `json:"name"`
	// Width is the number of its values.
	Width int `json:"width"`
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

// Outputs goes through all output values of a request that was made with [NewTask.FullOutputs], row by row,
// and ends after the first error. It gets some rows at a time as they are needed. A result without them is
// [ErrConflict].
func (c *Client) Outputs(ctx context.Context, uuid ResultUUID) iter.Seq2[Values, error] {
	return func(yield func(Values, error) bool) {
		for from := int64(0); ; {
			page, err := c.OutputsPage(ctx, uuid, from, 0)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range page.Outputs {
				if !yield(row, nil) {
					return
				}
			}
			from += int64(len(page.Outputs))
			if from >= page.Rows || len(page.Outputs) == 0 {
				return
			}
		}
	}
}

// OutputsPage returns the output values of up to count rows, at most 1000, from the row from on; a count of
// 0 leaves the number to the server. There are fewer where they end or are wide.
func (c *Client) OutputsPage(
	ctx context.Context, uuid ResultUUID, from int64, count int,
) (Outputs, error) {
	return get[Outputs](ctx, c, "/request_result/outputs", someRows(uuid, from, count))
}

// DownloadRequestResult writes a request result as CSV to w, and returns its size. After an error, what was
// written is not to be used.
func (c *Client) DownloadRequestResult(
	ctx context.Context, uuid ResultUUID, w io.Writer,
) (int64, error) {
	return c.download(ctx, "/request_result/download", byUUID(uuid), w)
}

// someRows is the query string for count rows of a resource, or as many as the server likes if that is 0.
func someRows[UUID ~string](uuid UUID, from int64, count int) url.Values {
	query := byUUID(uuid)
	query.Set("from", strconv.FormatInt(from, 10))
	if count != 0 {
		query.Set("count", strconv.Itoa(count))
	}
	return query
}
