package hanami_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hanami.local/sdk/hanami"
	"hanami.local/sdk/hanami/internal/frames"
)

// uploads is a fake server that takes the file of a table over connections that break.
type uploads struct {
	*fake
	// patience is the number of chunks that a connection acknowledges.
	patience int
	// end ends a connection that has lost its patience.
	end func(*websocket.Conn)

	mutex       sync.Mutex
	connections int
	received    []byte
	positions   []uint64
	finished    bool
	deleted     bool
}

func newUploads(t *testing.T, patience int, end func(*websocket.Conn)) *uploads {
	u := &uploads{fake: newFake(t), patience: patience, end: end}
	u.handleLoggedIn("GET /control/v1/auth", identity)
	u.handle("POST /control/v1/csv/dataset", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			InputDataSize int `json:"input_data_size"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		u.received = make([]byte, body.InputDataSize)
		answer(w, map[string]any{"uuid": "the dataset", "uuid_input_file": "the file"})
	})
	u.handle("PUT /control/v1/csv/dataset", func(w http.ResponseWriter, _ *http.Request) {
		u.finished = true
		answer(w, map[string]any{"uuid": "the dataset"})
	})
	u.handle("DELETE /control/v1/dataset", func(w http.ResponseWriter, _ *http.Request) {
		u.deleted = true
		answer(w, map[string]any{})
	})
	u.handle("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		connection, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		connection.SetReadLimit(1 << 20)
		u.serve(r.Context(), connection)
	})
	return u
}

func (u *uploads) serve(ctx context.Context, connection *websocket.Conn) {
	u.mutex.Lock()
	u.connections++
	u.mutex.Unlock()
	if _, _, err := connection.Read(ctx); err != nil {
		return
	}
	_ = connection.Write(ctx, websocket.MessageText, []byte(`{"success": true, "uuid": "some"}`))
	for count := 0; ; count++ {
		_, data, err := connection.Read(ctx)
		if err != nil {
			return
		}
		if count == u.patience {
			u.end(connection)
			return
		}
		chunk := frames.FileUpload{}
		if err := chunk.Decode(data); err != nil {
			panic(err)
		}
		u.mutex.Lock()
		u.positions = append(u.positions, chunk.Position)
		copy(u.received[chunk.Position:], chunk.Data)
		u.mutex.Unlock()
		taken := frames.FileUploadResponse{Success: true}
		_ = connection.Write(ctx, websocket.MessageBinary, taken.Append(nil))
	}
}

func hangUp(connection *websocket.Conn) {
	// What is on its way when a connection is cut may be lost; so let most of it arrive.
	time.Sleep(50 * time.Millisecond)
	_ = connection.CloseNow()
}

func stop(connection *websocket.Conn) {
	_ = connection.Close(websocket.StatusGoingAway, "the server is stopping")
}

const chunk = 128 << 10

func numbers(size int) []byte {
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(i * i >> 8)
	}
	return data
}

func TestUploadsGoOnWhenConnectionsBreak(t *testing.T) {
	for name, end := range map[string]func(*websocket.Conn){"hang up": hangUp, "stop": stop} {
		t.Run(name, func(t *testing.T) {
			server := newUploads(t, 7, end)
			data := numbers(20*chunk + 100)
			last, total := int64(0), int64(0)
			progress := func(sent, all int64) {
				if sent <= last {
					t.Errorf("%d follows %d", sent, last)
				}
				last, total = sent, all
			}
			uuid, err := server.connect(t).UploadCSV(
				t.Context(), "numbers", hanami.Bytes(data), hanami.WithProgress(progress))
			if err != nil || uuid != "the dataset" || !server.finished || server.deleted {
				t.Fatalf("%s, %v", uuid, err)
			}
			if !bytes.Equal(server.received, data) {
				t.Error("what arrived is not what was sent")
			}
			if last != int64(len(data)) || total != last {
				t.Errorf("the progress ended with %d of %d", last, total)
			}
			repeated := len(server.positions) - 21
			if server.connections < 3 || repeated > 7*(server.connections-1) {
				t.Errorf("%d connections took the chunks %v", server.connections, server.positions)
			}
		})
	}
}

func TestUploadsOverConnectionsThatNeverWorkAreGivenUp(t *testing.T) {
	server := newUploads(t, 0, hangUp)
	_, err := server.connect(t).UploadCSV(t.Context(), "numbers", hanami.Bytes(numbers(10)))
	broken := (*hanami.ConnectionError)(nil)
	if !errors.As(err, &broken) || server.connections != 4 {
		t.Errorf("%d connections ended with %v", server.connections, err)
	}
	if server.finished || !server.deleted {
		t.Error("what arrived was not deleted")
	}
}

func TestUploadsThatAreRefusedAreNotTriedAgain(t *testing.T) {
	server := newUploads(t, 0, func(connection *websocket.Conn) {
		_ = connection.Close(websocket.StatusPolicyViolation, "the quota is used up")
	})
	_, err := server.connect(t).UploadCSV(t.Context(), "numbers", hanami.Bytes(numbers(50*chunk)))
	closed := (*hanami.WebsocketError)(nil)
	if !errors.As(err, &closed) || closed.Reason != "the quota is used up" || server.connections != 1 {
		t.Errorf("%d connections ended with %v", server.connections, err)
	}
}

func TestUploadsEndWithTheirContext(t *testing.T) {
	server := newUploads(t, 100, hangUp)
	ctx, cancel := context.WithCancel(t.Context())
	progress := func(int64, int64) { cancel() }
	_, err := server.connect(t).UploadCSV(
		ctx, "numbers", hanami.Bytes(numbers(50*chunk)), hanami.WithProgress(progress))
	if !errors.Is(err, context.Canceled) || server.connections != 1 {
		t.Errorf("%d connections ended with %v", server.connections, err)
	}
	if !server.deleted {
		t.Error("what arrived was not deleted")
	}
}

func TestUploadsTakeFilesAndPartsOfThem(t *testing.T) {
	data := numbers(3 * chunk)
	path := filepath.Join(t.TempDir(), "numbers.csv")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]hanami.Source{
		"file":   hanami.File(path),
		"reader": hanami.Reader(bytes.NewReader(append(data, 1, 2, 3)), int64(len(data))),
	} {
		server := newUploads(t, 100, hangUp)
		_, err := server.connect(t).UploadCSV(t.Context(), "numbers", source)
		if err != nil || !bytes.Equal(server.received, data) {
			t.Errorf("%s: %v", name, err)
		}
	}
	client := newUploads(t, 100, hangUp).connect(t)
	_, err := client.UploadCSV(t.Context(), "numbers", hanami.File(path+".gone"))
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("a missing file ended with %v", err)
	}
	tooShort := hanami.Reader(bytes.NewReader(data), int64(len(data))+1)
	if _, err := client.UploadCSV(t.Context(), "numbers", tooShort); err == nil {
		t.Error("a source that is too short was uploaded")
	}
}

func TestWebsocketsThatAreRefusedTellWhy(t *testing.T) {
	server := newFake(t)
	server.handle("GET /control/v1/cluster", identity)
	server.handle("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, 429, hanami.ErrTooMany)
	})
	_, err := server.connect(t).Direct(t.Context(), "some cluster")
	if !errors.Is(err, hanami.ErrTooMany) {
		t.Errorf("%v", err)
	}
}
