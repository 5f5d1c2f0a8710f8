package hanami_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hanami.local/sdk/hanami"
)

func identity(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]any{"id": "anna", "project_id": "garden"})
}

func TestManyCallsShareOneRenewal(t *testing.T) {
	server := newFake(t)
	server.handleLoggedIn("GET /control/v1/auth", identity)
	client := server.connect(t)
	server.expire()
	before := server.logins
	var calls sync.WaitGroup
	for range 50 {
		calls.Add(1)
		go func() {
			defer calls.Done()
			if who, err := client.Identity(t.Context()); err != nil || who.ID != "anna" {
				t.Errorf("%v, %v", who, err)
			}
		}()
	}
	calls.Wait()
	if server.logins != before+1 {
		t.Errorf("there were %d log-ins, not one", server.logins-before)
	}
}

func TestRenewalOutlivesTheCallThatBeganIt(t *testing.T) {
	server := newFake(t)
	asked, release := make(chan struct{}), make(chan struct{})
	server.handleLoggedIn("GET /control/v1/auth", identity)
	client := server.connect(t)
	server.expire()
	slow := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			close(asked)
			<-release
		}
		slow.ServeHTTP(w, r)
	})
	impatient, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, err := client.Identity(impatient)
		first <- err
	}()
	<-asked
	second := make(chan error)
	go func() {
		_, err := client.Identity(t.Context())
		second <- err
	}()
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled call ended with %v", err)
	}
	close(release)
	if err := <-second; err != nil {
		t.Errorf("the patient call ended with %v", err)
	}
}

func TestRenewalThatFailsIsTold(t *testing.T) {
	server := newFake(t)
	server.handle("GET /control/v1/auth", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, 401, hanami.ErrInvalidToken)
	})
	client := server.connect(t)
	_, err := client.Identity(t.Context())
	if !errors.Is(err, hanami.ErrInvalidToken) {
		t.Errorf("a token that never works ended with %v", err)
	}
	if server.logins != 2 {
		t.Errorf("there were %d log-ins, not one more", server.logins)
	}
}

func TestErrorsTellAll(t *testing.T) {
	server := newFake(t)
	server.handle("GET /control/v1/cluster", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, 404, hanami.ErrNotFound)
	})
	server.handle("GET /control/v1/dataset", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "r-18")
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprintln(w, "no Hanami here")
	})
	client := server.connect(t)
	_, err := client.Cluster(t.Context(), "some")
	refused := (*hanami.Error)(nil)
	if !errors.As(err, &refused) || !errors.Is(err, hanami.ErrNotFound) || errors.Is(err, hanami.ErrConflict) {
		t.Fatalf("%#v", err)
	}
	want := hanami.Error{
		Status: 404, Code: "not-found", Title: "A title", Detail: "what is wrong", RequestID: "r-17",
	}
	if *refused != want {
		t.Errorf("%#v", refused)
	}
	if err.Error() != "hanami: what is wrong (status 404, request r-17)" {
		t.Errorf("%v", err)
	}
	_, err = client.Dataset(t.Context(), "some")
	if err.Error() != "hanami: no Hanami here (status 418, request r-18)" {
		t.Errorf("%v", err)
	}
}

// failing answers with a problem a number of times, then with a task or an identity.
func failing(times, status int, header ...string) (http.HandlerFunc, *atomic.Int64) {
	calls := &atomic.Int64{}
	return func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) > int64(times) {
			answer(w, map[string]any{"id": "anna", "uuid": "some", "name": "some"})
			return
		}
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		problem(w, status, hanami.ErrUnavailable)
	}, calls
}

func TestOnlyWhatIsSafeIsTriedAgain(t *testing.T) {
	read := func(client *hanami.Client) error {
		_, err := client.Identity(t.Context())
		return err
	}
	write := func(client *hanami.Client) error {
		_, err := client.CreateTask(t.Context(), hanami.NewTask{})
		return err
	}
	teach := func(client *hanami.Client) error {
		_, err := client.LearnMany(t.Context(), "cluster", hanami.Samples{}, hanami.Samples{})
		return err
	}
	for _, trial := range []struct {
		name   string
		call   func(*hanami.Client) error
		status int
		header []string
		calls  int64
	}{
		{"a read of a busy server", read, 503, nil, 3},
		{"a read through a broken proxy", read, 502, nil, 3},
		{"a read that is refused", read, 404, nil, 1},
		{"a read that meets a mistake", read, 500, nil, 1},
		{"a write with leave to try again", write, 429, []string{"Retry-After", "1"}, 3},
		{"samples that were put off", teach, 429, []string{"Retry-After", "1"}, 3},
		{"samples that may have been learned in part", teach, 503, []string{"Retry-After", "1"}, 1},
		{"a write without", write, 503, nil, 1},
		{"a write through a broken proxy", write, 502, nil, 1},
		{"a read that is put off for long", read, 503, []string{"Retry-After", "3600"}, 1},
	} {
		t.Run(trial.name, func(t *testing.T) {
			t.Parallel()
			server := newFake(t)
			handler, calls := failing(2, trial.status, trial.header...)
			server.handle("/control/v1/", handler)
			err := trial.call(server.connect(t))
			if calls.Load() != trial.calls || (err == nil) != (trial.calls == 3) {
				t.Errorf("%d calls ended with %v", calls.Load(), err)
			}
		})
	}
}

func TestRetriesEnd(t *testing.T) {
	server := newFake(t)
	handler, calls := failing(100, 503, "Retry-After", "2")
	server.handle("GET /control/v1/auth", handler)
	_, err := server.connect(t, hanami.WithRetries(0, 0)).Identity(t.Context())
	refused := (*hanami.Error)(nil)
	if !errors.As(err, &refused) || refused.RetryAfter != 2*time.Second || calls.Load() != 1 {
		t.Errorf("%d calls without retries ended with %v", calls.Load(), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = server.connect(t).Identity(ctx)
	if !errors.As(err, &refused) || calls.Load() != 2 {
		t.Errorf("%d calls without the time to try again ended with %v", calls.Load(), err)
	}
}

func TestConnectionsThatAreRefusedAreTriedAgain(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	dials := 0
	dialer := net.Dialer{}
	own := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			dials++
			return dialer.DialContext(ctx, network, to)
		},
	}}
	options := []hanami.Option{hanami.WithHTTPClient(own), hanami.WithRetries(2, time.Millisecond)}
	_, err = hanami.Connect(t.Context(), address, "anna", "planted in spring", options...)
	broken := (*hanami.ConnectionError)(nil)
	if !errors.As(err, &broken) || dials != 3 {
		t.Errorf("%d dials ended with %v", dials, err)
	}
	if !strings.Contains(err.Error(), address) {
		t.Errorf("the address is not in %v", err)
	}
	if strings.Contains(fmt.Sprintf("%+v %#v", err, err), "spring") {
		t.Error("the error tells the password")
	}
}

func TestReadsOverABrokenConnectionAreTriedAgain(t *testing.T) {
	server := newFake(t)
	calls := atomic.Int64{}
	server.handle("/control/v1/", func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) > 2 {
			identity(w, r)
			return
		}
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		connection.Close()
	})
	client := server.connect(t)
	if _, err := client.Identity(t.Context()); err != nil {
		t.Errorf("a read: %v", err)
	}
	calls.Store(0)
	if _, err := client.CreateTask(t.Context(), hanami.NewTask{}); err == nil || calls.Load() != 1 {
		t.Errorf("a write was sent %d times: %v", calls.Load(), err)
	}
}

func TestLogInsSurviveAConnectionThatWasKeptInVain(t *testing.T) {
	server := newFake(t)
	server.handleLoggedIn("GET /control/v1/auth", identity)
	handlers := server.Config.Handler
	used := sync.Map{}
	// Answers one request of each connection, and closes it when the next one has come.
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, before := used.LoadOrStore(r.RemoteAddr, true); !before {
			handlers.ServeHTTP(w, r)
			return
		}
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		connection.Close()
	})
	client := server.connect(t, hanami.WithRetries(0, 0))
	server.expire()
	if who, err := client.Identity(t.Context()); err != nil || who.ID != "anna" {
		t.Errorf("%v, %v", who, err)
	}
	if _, err := client.CreateTask(t.Context(), hanami.NewTask{}); err == nil {
		t.Error("a write was sent twice")
	}
}

func TestCallsEndWithTheirContextAndInTime(t *testing.T) {
	server := newFake(t)
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	server.handle("GET /control/v1/auth", func(http.ResponseWriter, *http.Request) { <-hang })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := server.connect(t).Identity(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	hasty := server.connect(t, hanami.WithTimeout(10*time.Millisecond))
	if _, err := hasty.Identity(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("too slow: %v", err)
	}
}

func TestTokensDoNotFollowRedirects(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s came with the token %q", r.URL, r.Header.Get("X-Auth-Token"))
	}))
	t.Cleanup(elsewhere.Close)
	server := newFake(t)
	server.handle("GET /control/v1/auth", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusFound)
	})
	own := &http.Client{}
	for _, client := range []*hanami.Client{
		server.connect(t), server.connect(t, hanami.WithHTTPClient(own)),
	} {
		refused := (*hanami.Error)(nil)
		if _, err := client.Identity(t.Context()); !errors.As(err, &refused) || refused.Status != 302 {
			t.Errorf("%v", err)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	server := newFake(t)
	client := server.connect(t)
	text := &strings.Builder{}
	user := hanami.NewUser{ID: "bert", Password: "harvested in autumn"}
	slog.New(slog.NewTextHandler(text, nil)).Info("log", "password", user.Password)
	slog.New(slog.NewJSONHandler(text, nil)).Info("log", "client", client, "user", user)
	slog.New(slog.NewTextHandler(text, nil)).Info("log", "client", client, "user", user)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		fmt.Fprintf(text, format+format, client, user)
	}
	for _, secret := range []string{"spring", "autumn", token(1)} {
		if strings.Contains(text.String(), secret) {
			t.Errorf("%q is in %s", secret, text)
		}
	}
	if !strings.Contains(client.String(), server.URL) {
		t.Errorf("the address is not in %s", client)
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"garden":             "http://garden:11418",
		"garden:80":          "http://garden:80",
		"http://garden:80/":  "http://garden:80",
		"https://garden":     "https://garden:11418",
		"[::1]:99":           "http://[::1]:99",
		"http://[::1]/":      "http://[::1]:11418",
		"https://127.0.0.1/": "https://127.0.0.1:11418",
	} {
		client, err := hanami.ConnectWithToken(text, "token")
		if err != nil || client.String() != "hanami.Client("+want+")" {
			t.Errorf("%s: %v, %v", text, client, err)
		}
	}
	for text, reason := range map[string]string{
		"":               "host:port",
		"garden:99999":   "port",
		"garden:":        "port",
		"me:pass@garden": "arguments",
		"garden/control": "host:port",
		"gar den":        "host:port",
		"ftp://garden":   "host:port",
	} {
		_, err := hanami.ConnectWithToken(text, "token")
		if err == nil || !strings.Contains(err.Error(), reason) || strings.Contains(err.Error(), "pass@") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"token": "token"})
	}))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	connect := func(options ...hanami.Option) error {
		_, err := hanami.Connect(t.Context(), server.URL, "anna", "planted in spring", options...)
		return err
	}
	if err := connect(); err == nil {
		t.Error("an unknown certificate was taken")
	}
	if err := connect(hanami.WithRootCAs(roots)); err != nil {
		t.Error(err)
	}
	if err := connect(hanami.WithoutVerification()); err != nil {
		t.Error(err)
	}
	both := connect(hanami.WithHTTPClient(server.Client()), hanami.WithoutVerification())
	if both == nil || !strings.Contains(both.Error(), "its own TLS settings") {
		t.Errorf("both ended with %v", both)
	}
}
