package hanami

import (
	"context"
	"iter"
	"strconv"
)

// AuditEntry is something that a user has changed, or a log-in.
type AuditEntry struct {
	// Timestamp is when.
	Timestamp Timestamp `json:"timestamp"`
	// UserID is the id of the user.
	UserID string `json:"user_id"`
	// Endpoint is what was asked, such as "v1/cluster".
	Endpoint string `json:"endpoint"`
	// RequestType is the method, such as "POST".
	RequestType string `json:"request_type"`
	// Status is the HTTP status of the answer; 0 if the server does not tell.
	Status int `json:"status,string"`
}

// ErrorEntry is an internal error of the server.
type ErrorEntry struct {
	// Timestamp is when.
	Timestamp Timestamp `json:"timestamp"`
	// UserID is the id of the user who asked; "-" if that is not known.
	UserID string `json:"user_id"`
	// Component is where: method and path, the target of a websocket, or the type of a task.
	Component string `json:"component"`
	// Context is the id of the request, the connection or the task.
	Context string `json:"context"`
	// InputValues is what was asked with.
	InputValues string `json:"input_values"`
	// Message is the cause.
	Message string `json:"message"`
}

// AuditLog goes through what users have changed, newest first: one's own, and for admins everyone's, or
// those of userID if it is not empty. It gets 100 entries at a time as they are needed, and ends after
// the first error. What is added meanwhile may make entries come twice.
func (c *Client) AuditLog(ctx context.Context, userID string) iter.Seq2[AuditEntry, error] {
	return allPages(func(page int) ([]AuditEntry, error) { return c.AuditLogPage(ctx, page, userID) })
}

// AuditLogPage returns 100 entries of the audit log; pages count from 0, newest first.
func (c *Client) AuditLogPage(ctx context.Context, page int, userID string) ([]AuditEntry, error) {
	return logPage[AuditEntry](ctx, c, "/audit_log", page, userID)
}

// ErrorLog goes through the server's internal errors, newest first: all, or those that userID met if it
// is not empty. It works as [Client.AuditLog] does. For global admins.
func (c *Client) ErrorLog(ctx context.Context, userID string) iter.Seq2[ErrorEntry, error] {
	return allPages(func(page int) ([]ErrorEntry, error) { return c.ErrorLogPage(ctx, page, userID) })
}

// ErrorLogPage returns 100 entries of the error log; pages count from 0, newest first.
func (c *Client) ErrorLogPage(ctx context.Context, page int, userID string) ([]ErrorEntry, error) {
	return logPage[ErrorEntry](ctx, c, "/error_log", page, userID)
}

func logPage[Row any](
	ctx context.Context, c *Client, path string, page int, userID string,
) ([]Row, error) {
	query := params("page", strconv.Itoa(page))
	if userID != "" {
		query.Set("user_id", userID)
	}
	return list[Row](ctx, c, path, query)
}

// allPages goes through the rows of all pages, up to the first page without any.
func allPages[Row any](page func(int) ([]Row, error)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for number := 0; ; number++ {
			rows, err := page(number)
			if err != nil {
				var none Row
				yield(none, err)
				return
			}
			if len(rows) == 0 {
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}
