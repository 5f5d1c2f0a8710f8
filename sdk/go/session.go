package hanami

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
)

const tokenPath = apiPrefix + "/token"

// account is what a new token can be had for. Clients for different projects share it.
type account struct {
	user string

	mutex    sync.Mutex
	password Secret
}

func (a *account) current() Secret {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.password
}

func (a *account) change(password Secret) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.password = password
}

// session holds the token, and replaces it once it has expired.
type session struct {
	transport *transport
	// account is nil if there was only a token from the beginning.
	account *account
	// project is the one to work in; without it, the user's first.
	project string

	mutex sync.Mutex
	token string
	// renewal is under way; nil if none is.
	renewal *renewal
}

// renewal is a log-in whose outcome all who wait for it share. The outcome is set once done is closed.
type renewal struct {
	done  chan struct{}
	token string
	err   error
}

func (s *session) current() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.token
}

func (s *session) replace(token string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.token = token
}

// renew returns a token in place of the expired one.
func (s *session) renew(ctx context.Context, expired string) (string, error) {
	s.mutex.Lock()
	if s.token != expired {
		defer s.mutex.Unlock()
		return s.token, nil
	}
	if s.renewal == nil {
		s.renewal = &renewal{done: make(chan struct{})}
		// Others wait for it too, so it does not end with the context of the one who came first.
		go s.run(context.WithoutCancel(ctx), s.renewal)
	}
	renewal := s.renewal
	s.mutex.Unlock()
	select {
	case <-renewal.done:
		return renewal.token, renewal.err
	case <-ctx.Done():
		return "", s.transport.failed("logging in again", ctx.Err())
	}
}

func (s *session) run(ctx context.Context, renewal *renewal) {
	renewal.token, renewal.err = s.transport.logIn(ctx, s.account, s.project)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if renewal.err == nil {
		s.token = renewal.token
	}
	s.renewal = nil
	close(renewal.done)
}

// logIn gets a token for a project, or for the user's first one if that is empty.
func (t *transport) logIn(ctx context.Context, account *account, project string) (string, error) {
	body := map[string]string{"id": account.user, "password": string(account.current())}
	token, err := t.fetchToken(ctx, http.MethodPost, body, "")
	if err != nil || project == "" {
		return token, err
	}
	return t.tokenFor(ctx, project, token)
}

// tokenFor gets a token for another project.
func (t *transport) tokenFor(ctx context.Context, project, token string) (string, error) {
	return t.fetchToken(ctx, http.MethodPut, map[string]string{"project_id": project}, token)
}

func (t *transport) fetchToken(
	ctx context.Context, method string, body map[string]string, token string,
) (string, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return "", t.failed("making a request", err)
	}
	answer, err := t.send(ctx, request{
		method: method, path: tokenPath, content: inMemory(jsonKind, text), repeatable: true,
	}, token)
	if err != nil {
		return "", err
	}
	var fresh struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(answer, &fresh); err != nil {
		return "", t.failed("reading the token", err)
	}
	return fresh.Token, nil
}
