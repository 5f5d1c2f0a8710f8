package hanami

import "context"

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
// it. For global admins.
func (c *Client) DeleteProject(ctx context.Context, id string) error {
	return remove(ctx, c, "/project", params("id", id))
}
