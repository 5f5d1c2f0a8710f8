package hanami_test

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"testing"

	"hanami.local/sdk/hanami"
)

func TestTimestamps(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-11-24 09:30:00"`: "2026-11-24T09:30:00Z",
		`"-"`:                   "0001-01-01T00:00:00Z",
	} {
		var read hanami.Timestamp
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		if got := read.Format("2006-01-02T15:04:05Z07:00"); got != want {
			t.Errorf("%s became %s", text, got)
		}
		if written, err := json.Marshal(read); err != nil || string(written) != text {
			t.Errorf("%s was written as %s, %v", text, written, err)
		}
	}
	var read hanami.Timestamp
	if err := json.Unmarshal([]byte(`"yesterday"`), &read); err == nil {
		t.Errorf("yesterday became %v", read)
	}
}

func TestNumbersThatAreNotKnownAreNull(t *testing.T) {
	var read hanami.Numbers
	if err := json.Unmarshal([]byte("[1.5,null]"), &read); err != nil {
		t.Fatal(err)
	}
	if len(read) != 2 || read[0] != 1.5 || !math.IsNaN(read[1]) {
		t.Errorf("read %v", read)
	}
	if written, err := json.Marshal(read); err != nil || string(written) != "[1.5,null]" {
		t.Errorf("wrote %s, %v", written, err)
	}
}

func TestReadings(t *testing.T) {
	for text, shown := range map[string]string{`"not available"`: "not available", "7": "7"} {
		var read hanami.Reading[int]
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		if read.String() != shown {
			t.Errorf("%s is shown as %s", text, read)
		}
		if value, known := read.Get(); known != (text == "7") || known && value != 7 {
			t.Errorf("%s is %v, %v", text, value, known)
		}
		if written, err := json.Marshal(read); err != nil || string(written) != text {
			t.Errorf("%s was written as %s, %v", text, written, err)
		}
	}
}

func TestColumnsAreFoundByName(t *testing.T) {
	server := newFake(t)
	server.handle("GET /control/v1/cluster/all", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"header": []string{"name", "new", "uuid"},
			"body":   [][]any{{"digits", 7, "some uuid"}},
		})
	})
	server.handle("GET /control/v1/dataset/all", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"header": []string{"uuid", "name"}, "body": [][]any{{"alone"}}})
	})
	client := server.connect(t)
	clusters, err := client.Clusters(t.Context())
	if err != nil || len(clusters) != 1 || clusters[0].UUID != "some uuid" || clusters[0].Name != "digits" {
		t.Errorf("%v, %v", clusters, err)
	}
	broken := (*hanami.ConnectionError)(nil)
	if datasets, err := client.Datasets(t.Context()); !errors.As(err, &broken) {
		t.Errorf("a row without its cells became %v, %v", datasets, err)
	}
}

func TestLogsAreReadPageByPage(t *testing.T) {
	server := newFake(t)
	asked := []string{}
	server.handle("GET /control/v1/audit_log", func(w http.ResponseWriter, r *http.Request) {
		page, err := strconv.Atoi(r.URL.Query().Get("page"))
		if err != nil {
			t.Error(err)
		}
		asked = append(asked, r.URL.RawQuery)
		rows := [][]any{}
		if page < 2 {
			for i := range 100 {
				rows = append(rows, []any{"2026-11-24 09:30:00", "anna", strconv.Itoa(page*100 + i)})
			}
		}
		answer(w, map[string]any{"header": []string{"timestamp", "user_id", "endpoint"}, "body": rows})
	})
	client := server.connect(t)
	count := 0
	for entry, err := range client.AuditLog(t.Context(), "anna") {
		if err != nil || entry.Endpoint != strconv.Itoa(count) {
			t.Fatalf("the entry %d is %v, %v", count, entry, err)
		}
		count++
	}
	if count != 200 || len(asked) != 3 || asked[2] != "page=2&user_id=anna" {
		t.Errorf("%d entries of %v", count, asked)
	}
	asked = nil
	for range client.AuditLog(t.Context(), "") {
		break
	}
	if len(asked) != 1 {
		t.Errorf("one entry took %v", asked)
	}
	for _, err := range client.ErrorLog(t.Context(), "") {
		if refused := (*hanami.Error)(nil); !errors.As(err, &refused) || refused.Status != 404 {
			t.Errorf("a log that is not there ended with %v", err)
		}
	}
}
