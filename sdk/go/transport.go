package hanami

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"
)

const (
	tokenHeader = "X-Auth-Token"
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
	// content is the body; nil if there is none.
	content *content
	// repeatable is whether sending it twice does no harm, as with every GET.
	repeatable bool
	// inParts is whether a part of it may have been done when the server is unavailable.
	inParts bool
	// patient is whether it may take as long as its context allows.
	patient bool
}

// content is the body of a request, read anew for each time it is sent.
type content struct {
	// kind is its content type, and places its content range; empty if it is no part of a whole.
	kind, places string
	size         int64
	reader       io.ReaderAt
}

// inMemory is a body of some kind, such as "application/json".
func inMemory(kind string, data []byte) *content {
	return &content{kind: kind, size: int64(len(data)), reader: bytes.NewReader(data)}
}

func (c *content) open() (io.ReadCloser, error) {
	if c.size == 0 {
		// Anything else is taken for a body of unknown size.
		return http.NoBody, nil
	}
	return io.NopCloser(io.NewSectionReader(c.reader, 0, c.size)), nil
}

// fill makes this the body of a message.
func (c *content) fill(message *http.Request) {
	message.Body, _ = c.open()
	message.GetBody = c.open
	message.ContentLength = c.size
	message.Header.Set("Content-Type", c.kind)
	if c.places != "" {
		message.Header.Set("Content-Range", c.places)
	}
}

// transport sends requests to one server, each with or without a token.
type transport struct {
	address address
	options options
}

// send sends a request, again if that is safe and may help, and returns the body of the answer.
func (t *transport) send(ctx context.Context, request request, token string) ([]byte, error) {
	return repeat(ctx, t, request, func() ([]byte, error) {
		return t.exchange(ctx, request, token)
	})
}

// repeat makes attempts at a request until one succeeds, or another one is not safe or of no use.
func repeat[T any](
	ctx context.Context, t *transport, request request, attempt func() (T, error),
) (T, error) {
	for count := 0; ; count++ {
		answer, err := attempt()
		if err == nil || !worthRetrying(request, err) || !t.pause(ctx, count, err) {
			return answer, err
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

// worthRetrying tells whether a request that ended like this did no harm, and may succeed later.
func worthRetrying(request request, err error) bool {
	safe := request.repeatable || request.method == http.MethodGet
	if refused := (*Error)(nil); errors.As(err, &refused) {
		if refused.RetryAfter > longestRetryAfter {
			return false
		}
		switch refused.Status {
		case http.StatusServiceUnavailable:
			return !request.inParts && (safe || refused.RetryAfter > 0)
		case http.StatusTooManyRequests:
			return safe || refused.RetryAfter > 0
		case http.StatusBadGateway, http.StatusGatewayTimeout:
			return safe
		}
		return false
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		return op.Op == "dial" || safe
	}
	return safe && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF))
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
	if !request.patient {
		limited, cancel := context.WithTimeout(ctx, t.options.timeout)
		defer cancel()
		ctx = limited
	}
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

// open sends a request; the body of the answer is still to be read and closed, unless it is an error.
func (t *transport) open(
	ctx context.Context, request request, token string,
) (*http.Response, error) {
	answer, kept, err := t.ask(ctx, request, token)
	// The server may just have closed a connection that was kept from an earlier request. net/http
	// replaces it, too, unless it notices while it writes the body.
	for err != nil && kept && request.repeatable && worthRetrying(request, err) {
		answer, kept, err = t.ask(ctx, request, token)
	}
	if err != nil {
		return nil, t.failed("sending a request", err)
	}
	if answer.StatusCode == http.StatusOK {
		return answer, nil
	}
	defer answer.Body.Close()
	return nil, refusal(answer)
}

// ask sends a request once, and tells whether on a connection that was kept from an earlier one.
func (t *transport) ask(
	ctx context.Context, request request, token string,
) (answer *http.Response, kept bool, err error) {
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) { kept = got.Reused },
	})
	url := t.address.endpoint(request.path, request.query)
	message, err := http.NewRequestWithContext(ctx, request.method, url, nil)
	if err != nil {
		return nil, false, err
	}
	if request.content != nil {
		request.content.fill(message)
	}
	if token != "" {
		message.Header.Set(tokenHeader, token)
	}
	if request.repeatable {
		// Without a value it is not sent, but a connection that the server has closed just then is
		// replaced, as it is for every GET.
		message.Header["Idempotency-Key"] = nil
	}
	answer, err = t.options.http.Do(message)
	return answer, kept, err
}

// failed is an error of the connection to this server.
func (t *transport) failed(doing string, err error) error {
	return &ConnectionError{Address: t.address.String(), Doing: doing, Err: err}
}
