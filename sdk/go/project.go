package hanami

import (
	"context"
	"net/url"
)

// Project keeps what its members make apart from other projects.
type Project struct {
	// ID is the id of the project.
	ID string `json:"id"`
	// Name is the name of the project.
	Name string `json:"name"`
	// CreatorID is the id of the user who made it.
	CreatorID string `json:"creator_id"`
}

// CreateProject makes a project. The id is unique (else [ErrConflict]), begins with a letter and has
// letters, digits and underscores. For global admins.
func (c *Client) CreateProject(ctx context.Context, id, name string) (Project, error) {
	return post[Project](ctx, c, "/project", map[string]string{"id": id, "name": name})
}

// Project returns a project. For global admins.
func (c *Client) Project(ctx context.Context, id string) (Project, error) {
	return get[Project](ctx, c, "/project", params("id", id))
}

// Projects returns all projects. For global admins.
func (c *Client) Projects(ctx context.Context) ([]Project, error) {
	return list[Project](ctx, c, "/project/all", nil)
}

// DeleteProject deletes a project. One that still owns something is [ErrConflict], and the detail lists
// it, unless it is deleted [WithEverything]. For global admins.
func (c *Client) DeleteProject(ctx context.Context, id string, options ...DeleteOption) error {
	return remove(ctx, c, "/project", deletion(id, options))
}

// DeleteOption changes what [Client.DeleteUser] and [Client.DeleteProject] do.
type DeleteOption func(url.Values)

// WithEverything deletes all that the user or the project owns, too: clusters, checkpoints, datasets,
// tasks, request results and memberships. A deletion that was interrupted is finished by repeating it.
func WithEverything() DeleteOption {
	return func(query url.Values) { query.Set("force", "true") }
}

func deletion(id string, options []DeleteOption) url.Values {
	query := params("id", id)
	for _, option := range options {
		option(query)
	}
	return query
}
