package hanami_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"hanami.local/sdk/hanami"
)

// fake is a server that answers as told, for what a real one does only seldom.
type fake struct {
	*httptest.Server
	mux *http.ServeMux

	mutex sync.Mutex
	// logins is the number of tokens given out; the last one is valid.
	logins int
}

// newFake answers log-ins; all else is up to the test.
func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{mux: http.NewServeMux()}
	f.Server = httptest.NewServer(f.mux)
	t.Cleanup(f.Close)
	f.handle("POST /control/v1/token", func(w http.ResponseWriter, _ *http.Request) {
		f.mutex.Lock()
		defer f.mutex.Unlock()
		f.logins++
		answer(w, map[string]any{"token": token(f.logins)})
	})
	return f
}

func (f *fake) handle(pattern string, handler http.HandlerFunc) {
	f.mux.HandleFunc(pattern, handler)
}

// handleLoggedIn is for those with the newest token.
func (f *fake) handleLoggedIn(pattern string, handler http.HandlerFunc) {
	f.handle(pattern, func(w http.ResponseWriter, r *http.Request) {
		f.mutex.Lock()
		valid := r.Header.Get("X-Auth-Token") == token(f.logins)
		f.mutex.Unlock()
		if !valid {
			problem(w, 401, hanami.ErrInvalidToken)
			return
		}
		handler(w, r)
	})
}

// expire makes all tokens invalid.
func (f *fake) expire() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.logins++
}

func (f *fake) connect(t *testing.T, options ...hanami.Option) *hanami.Client {
	t.Helper()
	options = append([]hanami.Option{hanami.WithRetries(3, time.Millisecond)}, options...)
	client, err := hanami.Connect(t.Context(), f.URL, "anna", "planted in spring", options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func token(number int) string {
	return "token-" + string(rune('0'+number))
}

func answer(w io.Writer, value any) {
	if err := json.NewEncoder(w).Encode(value); err != nil {
		panic(err)
	}
}

func problem(w http.ResponseWriter, status int, code hanami.ErrorCode) {
	w.WriteHeader(status)
	answer(w, map[string]any{
		"status": status, "code": code, "title": "A title", "detail": "what is wrong",
		"request_id": "r-17",
	})
}
