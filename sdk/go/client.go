package hanami

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// What bodies are.
const (
	jsonKind   = "application/json"
	binaryKind = "application/octet-stream"
)

// Client is logged in to a Hanami server, as a user, in a project. It is safe for concurrent use.
// Printing it shows the address only.
type Client struct {
	transport *transport
	session   *session
}

// Connect logs in to the server at address: "host", "host:port", "http://host:port" or
// "https://host:port". Without a port it is 11418.
//
// Wrong ids and passwords are [ErrWrongCredentials]. A user who is in no project can't log in.
func Connect(
	ctx context.Context, address, userID, password string, changes ...Option,
) (*Client, error) {
	transport, err := dial(address, changes)
	if err != nil {
		return nil, err
	}
	account := &account{user: userID, password: Secret(password)}
	token, err := transport.logIn(ctx, account, "")
	if err != nil {
		return nil, err
	}
	return &Client{transport, &session{transport: transport, account: account, token: token}}, nil
}

// ConnectWithToken uses a token that was obtained elsewhere, and asks the server nothing yet. When the
// token has expired, calls fail with [ErrInvalidToken].
func ConnectWithToken(address string, token Secret, changes ...Option) (*Client, error) {
	transport, err := dial(address, changes)
	if err != nil {
		return nil, err
	}
	return &Client{transport, &session{transport: transport, token: string(token)}}, nil
}

func dial(address string, changes []Option) (*transport, error) {
	parsed, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	options, err := newOptions(changes)
	if err != nil {
		return nil, err
	}
	return &transport{address: parsed, options: options}, nil
}

// InProject returns a client that works in another project of the same user; this one stays in its own.
// Both share connections.
//
// A project that the user is not in is [ErrNotFound].
func (c *Client) InProject(ctx context.Context, projectID string) (*Client, error) {
	token, err := withToken(ctx, c, func(token string) (string, error) {
		return c.transport.tokenFor(ctx, projectID, token)
	})
	if err != nil {
		return nil, err
	}
	return &Client{c.transport, &session{
		transport: c.transport, account: c.session.account, project: projectID, token: token,
	}}, nil
}

// Token is the present token, for another program to use with [ConnectWithToken]. It expires.
func (c *Client) Token() Secret {
	return Secret(c.session.current())
}

// Close closes connections that wait for another request. The client can be used again after it.
func (c *Client) Close() {
	c.transport.options.http.CloseIdleConnections()
}

// String shows the address, and neither password nor token.
func (c *Client) String() string {
	return fmt.Sprintf("hanami.Client(%s)", c.transport.address)
}

// GoString shows the address, and neither password nor token.
func (c *Client) GoString() string {
	return c.String()
}

// withToken makes a call with the present token, and once more with a new one if that has expired.
func withToken[T any](
	ctx context.Context, c *Client, call func(token string) (T, error),
) (T, error) {
	token := c.session.current()
	answer, err := call(token)
	if c.session.account == nil || !errors.Is(err, ErrInvalidToken) {
		return answer, err
	}
	token, err = c.session.renew(ctx, token)
	if err != nil {
		return answer, err
	}
	return call(token)
}

// call sends a request, with body as JSON unless it is nil, and reads the answer into T.
func call[T any](
	ctx context.Context, c *Client, method, path string, query url.Values, body any,
) (T, error) {
	request, err := c.request(method, path, query, body)
	if err != nil {
		var none T
		return none, err
	}
	return send[T](ctx, c, request)
}

// request makes a request, with body as JSON unless it is nil.
func (c *Client) request(method, path string, query url.Values, body any) (request, error) {
	request := request{method: method, path: apiPrefix + path, query: query}
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return request, c.transport.failed("making a request", err)
		}
		request.content = inMemory(jsonKind, text)
	}
	return request, nil
}

// send sends a request and reads the answer into T.
func send[T any](ctx context.Context, c *Client, request request) (T, error) {
	var answer T
	text, err := withToken(ctx, c, func(token string) ([]byte, error) {
		return c.transport.send(ctx, request, token)
	})
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return answer, c.transport.failed("reading an answer", err)
	}
	return answer, nil
}

func get[T any](ctx context.Context, c *Client, path string, query url.Values) (T, error) {
	return call[T](ctx, c, http.MethodGet, path, query, nil)
}

func post[T any](ctx context.Context, c *Client, path string, body any) (T, error) {
	return call[T](ctx, c, http.MethodPost, path, nil, body)
}

func put[T any](ctx context.Context, c *Client, path string, body any) (T, error) {
	return call[T](ctx, c, http.MethodPut, path, nil, body)
}

// remove sends a DELETE request, whose answer holds nothing.
func remove(ctx context.Context, c *Client, path string, query url.Values) error {
	_, err := call[struct{}](ctx, c, http.MethodDelete, path, query, nil)
	return err
}

// params is a query string of names and values by turns.
func params(pairs ...string) url.Values {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return query
}

// byUUID is the query string that names a resource.
func byUUID[ID ~string](uuid ID) url.Values {
	return params("uuid", string(uuid))
}
