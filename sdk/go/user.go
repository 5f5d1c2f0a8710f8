package hanami

import (
	"context"
	"net/http"
)

// User is someone who can log in.
type User struct {
	// ID is what the user logs in with.
	ID string `json:"id"`
	// Name is the name of the user.
	Name string `json:"name"`
	// IsAdmin is whether the user administrates the whole server.
	IsAdmin bool `json:"is_admin"`
	// CreatorID is the id of the user who made this one.
	CreatorID string `json:"creator_id"`
	// Projects are those the user is in, in the order of assignment.
	Projects []Membership `json:"projects"`
}

// Membership is a user's place in a project.
type Membership struct {
	// ProjectID is the id of the project.
	ProjectID string `json:"project_id"`
	// Role is the user's role there, one that the server's policy knows.
	Role string `json:"role"`
	// IsProjectAdmin is whether the user sees everything in the project.
	IsProjectAdmin bool `json:"is_project_admin"`
}

// NewUser is what [Client.CreateUser] makes a user of.
type NewUser struct {
	// ID is unique, and has 4 to 256 letters, digits, "_" and "@", the first a letter.
	ID string
	// Name has 4 to 256 letters, digits, "_" and spaces, the first a letter.
	Name string
	// Password has 8 to 4096 characters.
	Password Secret
	// IsAdmin makes a global admin.
	IsAdmin bool
}

// CreateUser makes a user, who can log in once they are in a project; global admins can at once. An id
// that exists is [ErrConflict]. For global admins.
func (c *Client) CreateUser(ctx context.Context, user NewUser) (User, error) {
	return post[User](ctx, c, "/user", map[string]any{
		"id": user.ID, "name": user.Name, "password": string(user.Password), "is_admin": user.IsAdmin,
	})
}

// User returns a user. For global admins.
func (c *Client) User(ctx context.Context, id string) (User, error) {
	return get[User](ctx, c, "/user", params("id", id))
}

// Users returns all users. For global admins.
func (c *Client) Users(ctx context.Context) ([]User, error) {
	return list[User](ctx, c, "/user/all", nil)
}

// DeleteUser deletes a user; their tokens and connections end. One who still owns something is
// [ErrConflict], and the detail lists it, unless they are deleted [WithEverything]; so is oneself and the
// last admin. For global admins.
func (c *Client) DeleteUser(ctx context.Context, id string, options ...DeleteOption) error {
	return remove(ctx, c, "/user", deletion(id, options))
}

// UserChange is what to change of a user. What is empty stays.
type UserChange struct {
	// Name is the new name.
	Name string
	// Password is the new password; it ends all tokens and connections of the user.
	Password Secret
	// IsAdmin makes the user a global admin, or no more; either ends their tokens and connections.
	IsAdmin *bool
}

// ChangeUser changes a user. For global admins.
func (c *Client) ChangeUser(ctx context.Context, id string, change UserChange) (User, error) {
	return put[User](ctx, c, "/user", struct {
		ID       string `json:"id"`
		Name     string `json:"name,omitempty"`
		Password string `json:"password,omitempty"`
		IsAdmin  *bool  `json:"is_admin,omitempty"`
	}{id, change.Name, string(change.Password), change.IsAdmin})
}

// ChangePassword changes one's own password. It ends all other tokens and connections of the user; this
// client, and those made from it by [Client.InProject], go on with the new password. A wrong present
// password is [ErrWrongCredentials].
func (c *Client) ChangePassword(ctx context.Context, present, changed Secret) error {
	body := map[string]string{"password": string(present), "new_password": string(changed)}
	answer, err := put[struct {
		Token string `json:"token"`
	}](ctx, c, "/user/password", body)
	if err != nil {
		return err
	}
	if c.session.account != nil {
		c.session.account.change(changed)
	}
	c.session.replace(answer.Token)
	return nil
}

// AssignProject puts a user in a project, or changes their role there. For global admins.
func (c *Client) AssignProject(
	ctx context.Context, userID string, membership Membership,
) (User, error) {
	return post[User](ctx, c, "/user/project", struct {
		ID string `json:"id"`
		Membership
	}{userID, membership})
}

// UnassignProject takes a user out of a project. What they own there stays. For global admins.
func (c *Client) UnassignProject(ctx context.Context, userID, projectID string) (User, error) {
	query := params("id", userID, "project_id", projectID)
	return call[User](ctx, c, http.MethodDelete, "/user/project", query, nil)
}

// memberships is the answer of GET /control/v1/user/project.
type memberships struct {
	Projects []Membership `json:"projects"`
}

// MyProjects returns the projects that one is in oneself.
func (c *Client) MyProjects(ctx context.Context) ([]Membership, error) {
	found, err := get[memberships](ctx, c, "/user/project", nil)
	return found.Projects, err
}

// ProjectsOf returns the projects that a user is in. For global admins.
func (c *Client) ProjectsOf(ctx context.Context, userID string) ([]Membership, error) {
	found, err := get[memberships](ctx, c, "/user/project", params("user_id", userID))
	return found.Projects, err
}
