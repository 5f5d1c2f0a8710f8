package hanami

import (
	"context"
	"net/http"
)

// Ready fails if the server can't serve at present, and tells why. It wants no token.
func (c *Client) Ready(ctx context.Context) error {
	_, err := c.transport.exchange(ctx, request{method: http.MethodGet, path: "/readyz"}, "")
	return err
}

// Metrics returns what the server counts, as OpenMetrics text. It wants no token.
func (c *Client) Metrics(ctx context.Context) (string, error) {
	text, err := c.transport.send(ctx, request{method: http.MethodGet, path: "/metrics"}, "")
	return string(text), err
}
