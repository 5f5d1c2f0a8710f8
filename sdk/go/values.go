package hanami

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"time"
)

// Uuids are texts of types of their own, so that the compiler notices one in the place of another. Any
// case is taken, lower case is returned.
type (
	// ClusterUUID names a cluster.
	ClusterUUID string
	// DatasetUUID names a dataset.
	DatasetUUID string
	// TaskUUID names a task.
	TaskUUID string
	// CheckpointUUID names a checkpoint.
	CheckpointUUID string
	// ResultUUID names a request result.
	ResultUUID string
	// HostUUID names a host.
	HostUUID string
	// FileUUID names a file of a dataset while it is uploaded.
	FileUUID string
)

// Visibility is who may see a resource besides its owner, project admins and global admins.
type Visibility string

const (
	// Private is nobody else.
	Private Visibility = "private"
	// Shared is everyone in the project.
	Shared Visibility = "shared"
	// Public is every user.
	Public Visibility = "public"
)

// Resource is what clusters, datasets, checkpoints and request results have in common.
type Resource struct {
	// Name is its name.
	Name string `json:"name"`
	// OwnerID is the id of the user who made it.
	OwnerID string `json:"owner_id"`
	// ProjectID is the id of the project it belongs to.
	ProjectID string `json:"project_id"`
	// Visibility is who else may see it.
	Visibility Visibility `json:"visibility"`
}

// Secret is a text that is neither printed nor logged.
type Secret string

const hidden = "[hidden]"

// String hides the text.
func (Secret) String() string { return hidden }

// GoString hides the text.
func (Secret) GoString() string { return hidden }

// MarshalText hides the text.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue hides the text.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// Timestamp is a time of the server in UTC, whole seconds; the zero time for what has not happened yet.
type Timestamp struct {
	time.Time
}

const (
	timestampFormat = "2006-01-02 15:04:05"
	notReached      = "-"
)

// String is the time as the server writes it; "-" for what has not happened yet.
func (t Timestamp) String() string {
	if t.IsZero() {
		return notReached
	}
	return t.UTC().Format(timestampFormat)
}

// MarshalJSON writes the time as the server does.
func (t Timestamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(t.String())
}

// UnmarshalJSON reads the time as the server writes it.
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	*t = Timestamp{}
	if text == notReached || text == "" {
		return nil
	}
	read, err := time.Parse(timestampFormat, text)
	if err != nil {
		return fmt.Errorf("hanami: reading a timestamp: %w", err)
	}
	t.Time = read
	return nil
}

// Share is a part of a whole, 0.0 to 1.0, which travels as a text.
type Share float64

// MarshalText writes the share with six digits behind the point, as the server does.
func (s Share) MarshalText() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(s), 'f', 6, 64), nil
}

// UnmarshalText reads what the server writes.
func (s *Share) UnmarshalText(text []byte) error {
	read, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return fmt.Errorf("hanami: reading a share: %w", err)
	}
	*s = Share(read)
	return nil
}

// Reading is something that the machine may or may not tell of itself.
type Reading[T any] struct {
	value T
	known bool
}

const notAvailable = "not available"

// Get returns what the machine says, and whether it does.
func (r Reading[T]) Get() (T, bool) {
	return r.value, r.known
}

// String is what the machine says, or "not available".
func (r Reading[T]) String() string {
	if !r.known {
		return notAvailable
	}
	return fmt.Sprint(r.value)
}

// MarshalJSON writes what is missing as the server does.
func (r Reading[T]) MarshalJSON() ([]byte, error) {
	if !r.known {
		return json.Marshal(notAvailable)
	}
	return json.Marshal(r.value)
}

// UnmarshalJSON reads what the server writes.
func (r *Reading[T]) UnmarshalJSON(data []byte) error {
	*r = Reading[T]{}
	var text string
	if json.Unmarshal(data, &text) == nil && text == notAvailable {
		return nil
	}
	if err := json.Unmarshal(data, &r.value); err != nil {
		return err
	}
	r.known = true
	return nil
}
