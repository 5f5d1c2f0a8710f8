package hanami

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// download writes the file that the server sends to w, and returns its size.
func (c *Client) download(
	ctx context.Context, path string, query url.Values, w io.Writer,
) (int64, error) {
	request := request{
		method: http.MethodGet, path: apiPrefix + path, query: query, patient: true,
	}
	answer, err := withToken(ctx, c, func(token string) (*http.Response, error) {
		return repeat(ctx, c.transport, request, func() (*http.Response, error) {
			return c.transport.open(ctx, request, token)
		})
	})
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	target := &target{Writer: w}
	size, err := io.Copy(target, answer.Body)
	if target.err != nil {
		return size, fmt.Errorf("hanami: can't write what is downloaded: %w", target.err)
	}
	if err != nil {
		return size, c.transport.failed("downloading", err)
	}
	return size, nil
}

// target tells errors of writing from those of reading.
type target struct {
	io.Writer
	err error
}

func (t *target) Write(data []byte) (count int, err error) {
	count, t.err = t.Writer.Write(data)
	return count, t.err
}
