package hanami

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// Identity is whom a token stands for.
type Identity struct {
	// ID is the id of the user.
	ID string `json:"id"`
	// Name is the name of the user.
	Name string `json:"name"`
	// IsAdmin is whether the user is a global admin.
	IsAdmin bool `json:"is_admin"`
	// ProjectID is the id of the project.
	ProjectID string `json:"project_id"`
	// Role is the user's role in the project.
	Role string `json:"role"`
	// IsProjectAdmin is whether the user is an admin of the project.
	IsProjectAdmin bool `json:"is_project_admin"`
}

// Identity tells who is logged in, in which project, with which role.
func (c *Client) Identity(ctx context.Context) (Identity, error) {
	return get[Identity](ctx, c, "/auth", nil)
}

// Method is a method of HTTP.
type Method int

// The methods, numbered as the server does.
const (
	MethodDelete Method = 1
	MethodGet    Method = 2
	MethodHead   Method = 3
	MethodPost   Method = 4
	MethodPut    Method = 5
)

// CheckToken tells whom a token stands for that someone else has sent, and fails with [ErrForbidden] if
// it is not good for calling method on endpoint, such as "v1/user". An empty endpoint is not checked.
func (c *Client) CheckToken(
	ctx context.Context, token Secret, endpoint string, method Method,
) (Identity, error) {
	request := request{method: http.MethodGet, path: apiPrefix + "/auth"}
	if endpoint != "" {
		request.query = params("endpoint", endpoint, "http_type", strconv.Itoa(int(method)))
	}
	var identity Identity
	text, err := c.transport.send(ctx, request, string(token))
	if err != nil {
		return identity, err
	}
	if err := json.Unmarshal(text, &identity); err != nil {
		return identity, c.transport.failed("reading an answer", err)
	}
	return identity, nil
}
