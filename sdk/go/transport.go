package hanami

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	tokenHeader = "X-Auth-Token"
	// maxErrorBytes is how much is read of an answer that tells of an error.
	maxErrorBytes = 1 << 20
	// longestPause is the longest that a retry is put off, unless the server asks for more.
	longestPause = 5 * time.Second
	// longestRetryAfter is the longest that the server may ask for; the caller decides beyond it.
	longestRetryAfter = 30 * time.Second
)

// request is what is sent to an endpoint.
type request struct {
	method string
	path   string
	query  url.Values
	body   []byte
}

// transport sends requests to one server, each with or without a token.
type transport struct {
	address address
	options options
}

// send sends a request, again if that is safe and may help, and returns the body of the answer.
func (t *transport) send(ctx context.Context, request request, token string) ([]byte, error) {
	for attempt := 0; ; attempt++ {
		body, err := t.exchange(ctx, request, token)
		if err == nil || !worthRetrying(request.method, err) || !t.pause(ctx, attempt, err) {
			return body, err
		}
	}
}

// pause waits before the next attempt after a failed one; false if there should be none.
func (t *transport) pause(ctx context.Context, attempt int, err error) bool {
	if attempt >= t.options.retries {
		return false
	}
	pause := min(t.options.pause<<min(attempt, 16), longestPause)
	if refused := (*Error)(nil); errors.As(err, &refused) {
		pause = max(pause, refused.RetryAfter)
	}
	return sleep(ctx, pause)
}

// worthRetrying tells whether a request that ended like this had no effect, and may succeed later.
func worthRetrying(method string, err error) bool {
	if refused := (*Error)(nil); errors.As(err, &refused) {
		if refused.RetryAfter > longestRetryAfter {
			return false
		}
		switch refused.Status {
		case http.StatusTooManyRequests, http.StatusServiceUnavailable:
			return method == http.MethodGet || refused.RetryAfter > 0
		case http.StatusBadGateway, http.StatusGatewayTimeout:
			return method == http.MethodGet
		}
		return false
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		return op.Op == "dial" || method == http.MethodGet
	}
	return method == http.MethodGet && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF))
}

// sleep waits for pause. It returns false at once if the context ends before that.
func sleep(ctx context.Context, pause time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < pause {
		return false
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// exchange sends a request once and reads the whole answer.
func (t *transport) exchange(ctx context.Context, request request, token string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, t.options.timeout)
	defer cancel()
	answer, err := t.open(ctx, request, token)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, t.failed("reading an answer", err)
	}
	return body, nil
}

// open sends a request once; the body of the answer is still to be read and closed, unless it is an
// error.
func (t *transport) open(
	ctx context.Context, request request, token string,
) (*http.Response, error) {
	url := t.address.endpoint(request.path, request.query)
	message, err := http.NewRequestWithContext(ctx, request.method, url, bytes.NewReader(request.body))
	if err != nil {
		return nil, t.failed("making a request", err)
	}
	if request.body != nil {
		message.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		message.Header.Set(tokenHeader, token)
	}
	answer, err := t.options.http.Do(message)
	if err != nil {
		return nil, t.failed("sending a request", err)
	}
	if answer.StatusCode == http.StatusOK {
		return answer, nil
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxErrorBytes))
	if err != nil {
		return nil, t.failed("reading an answer", err)
	}
	refused := refusal(answer.StatusCode, answer.Header.Get("X-Request-Id"), body)
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		refused.RetryAfter = time.Duration(seconds) * time.Second
	}
	return nil, refused
}

// failed is an error of the connection to this server.
func (t *transport) failed(doing string, err error) error {
	return &ConnectionError{Address: t.address.String(), Doing: doing, Err: err}
}
