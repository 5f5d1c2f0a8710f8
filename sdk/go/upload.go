package hanami

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hanami.local/sdk/hanami/internal/frames"
)

const (
	// chunkBytes is the most data in one frame of an upload.
	chunkBytes = 128 << 10
	// chunksInFlight are sent ahead of their answers, so that a far server's line is kept full.
	chunksInFlight = 8
	// cleanUpTime is how long deleting what arrived of a failed upload may take.
	cleanUpTime = 10 * time.Second
)

// UploadOption changes how an upload goes.
type UploadOption func(*uploadOptions)

type uploadOptions struct {
	progress func(sent, total int64)
	keep     bool
}

// WithProgress calls progress from the uploading goroutine with the bytes that have arrived, and those
// there are, whenever some more have.
func WithProgress(progress func(sent, total int64)) UploadOption {
	return func(o *uploadOptions) { o.progress = progress }
}

// WithPartsKept leaves what arrived of an upload that fails on the server, for [Client.ResumeMNIST] and
// [Client.ResumeCSV] to go on with, also in another program. The error is an [*UploadError] then.
func WithPartsKept() UploadOption {
	return func(o *uploadOptions) { o.keep = true }
}

// UploadError is an upload that failed after a part of it may have arrived.
type UploadError struct {
	// Dataset is what to go on with.
	Dataset DatasetUUID
	// Err is the cause.
	Err error
}

// Error tells the cause and the dataset.
func (e *UploadError) Error() string {
	return fmt.Sprintf("%v; what arrived of the dataset %s stays on the server", e.Err, e.Dataset)
}

// Unwrap returns the cause.
func (e *UploadError) Unwrap() error {
	return e.Err
}

// declared is the answer to a declared dataset: where to send its files.
type declared struct {
	UUID      DatasetUUID `json:"uuid"`
	InputFile FileUUID    `json:"uuid_input_file"`
	LabelFile FileUUID    `json:"uuid_label_file,omitempty"`
}

// UploadMNIST uploads a pair of IDX files, images and labels, as a dataset, and returns its uuid once it
// is ready for tasks. Files that are no IDX files or do not belong together are [ErrInvalidDataset].
//
// When the connection breaks it connects again, as often as [WithRetries] says without a byte getting
// through in between, and goes on with what the server has not acknowledged. When it fails for good, what
// arrived is deleted again; if not even that works, or with [WithPartsKept], the error is an
// [*UploadError].
func (c *Client) UploadMNIST(
	ctx context.Context, name string, images, labels Source, changes ...UploadOption,
) (DatasetUUID, error) {
	image, err := images.open()
	if err != nil {
		return "", err
	}
	defer image.close()
	label, err := labels.open()
	if err != nil {
		return "", err
	}
	defer label.close()
	made, err := post[declared](ctx, c, "/mnist/dataset", map[string]any{
		"name": name, "input_data_size": image.size, "label_data_size": label.size,
	})
	if err != nil {
		return "", err
	}
	upload := newUpload(c, changes, file{made.LabelFile, label}, file{made.InputFile, image})
	return c.finish(ctx, "/mnist/dataset", made, upload)
}

// UploadCSV uploads a table as a dataset: comma separated, names of the columns in the first line. What is
// no table is [ErrInvalidDataset]. Otherwise it works as [Client.UploadMNIST] does.
func (c *Client) UploadCSV(
	ctx context.Context, name string, table Source, changes ...UploadOption,
) (DatasetUUID, error) {
	data, err := table.open()
	if err != nil {
		return "", err
	}
	defer data.close()
	made, err := post[declared](ctx, c, "/csv/dataset", map[string]any{
		"name": name, "input_data_size": data.size,
	})
	if err != nil {
		return "", err
	}
	upload := newUpload(c, changes, file{made.InputFile, data})
	return c.finish(ctx, "/csv/dataset", made, upload)
}

// finish sends the files and tells the server that they are complete; else it deletes what arrived.
func (c *Client) finish(
	ctx context.Context, path string, made declared, upload *upload,
) (DatasetUUID, error) {
	err := upload.send(ctx)
	if err == nil {
		_, err = put[struct{}](ctx, c, path, made)
	}
	if err == nil {
		return made.UUID, nil
	}
	if !upload.options.keep {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
		defer cancel()
		if c.DeleteDataset(ctx, made.UUID) == nil {
			return "", err
		}
	}
	return "", &UploadError{Dataset: made.UUID, Err: err}
}

// file is a file to send.
type file struct {
	uuid   FileUUID
	source *opened
}

// upload is the files of one dataset on their way.
type upload struct {
	client      *Client
	options     uploadOptions
	files       []file
	sent, total int64
}

func newUpload(c *Client, changes []UploadOption, files ...file) *upload {
	u := &upload{client: c, files: files}
	for _, change := range changes {
		change(&u.options)
	}
	for _, file := range files {
		u.total += file.source.size
	}
	return u
}

func (u *upload) send(ctx context.Context) error {
	for _, file := range u.files {
		if err := u.sendFile(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

// sendFile sends a file over as many connections as it takes.
func (u *upload) sendFile(ctx context.Context, file file) error {
	arrived := int64(0)
	for attempt := 0; ; attempt++ {
		before := arrived
		err := u.sendFrom(ctx, file, &arrived)
		if broken := (*ConnectionError)(nil); err == nil || !errors.As(err, &broken) {
			return err
		}
		if arrived > before {
			attempt = 0
		}
		// Sending the same bytes twice does no harm.
		if ctx.Err() != nil || !u.client.transport.pause(ctx, attempt, err) {
			return err
		}
	}
}

// sendFrom sends what follows the bytes that have arrived, over one connection, and counts on.
func (u *upload) sendFrom(ctx context.Context, file file, arrived *int64) error {
	// Gets a new token, if that is due.
	if _, err := u.client.Identity(ctx); err != nil {
		return err
	}
	socket, err := u.client.openSocket(ctx, fileUploadSocket, string(file.uuid))
	if err != nil {
		return err
	}
	defer socket.abandon()
	chunk := make([]byte, chunkBytes)
	position := *arrived
	for *arrived < file.source.size {
		for position < file.source.size && position < *arrived+chunksInFlight*chunkBytes {
			data := chunk[:min(chunkBytes, file.source.size-position)]
			if err := file.source.read(data, position); err != nil {
				return err
			}
			frame := frames.FileUpload{Position: uint64(position), Data: data}
			if err := socket.send(ctx, &frame); err != nil {
				return err
			}
			position += int64(len(data))
		}
		if err := u.accepted(ctx, socket); err != nil {
			return err
		}
		count := min(chunkBytes, file.source.size-*arrived)
		*arrived += count
		u.count(count)
	}
	socket.close()
	return nil
}

// accepted waits for the answer to a chunk.
func (u *upload) accepted(ctx context.Context, socket *socket) error {
	answer := frames.FileUploadResponse{}
	if err := socket.receive(ctx, &answer); err != nil {
		return err
	}
	if !answer.Success {
		return refusedSocket(answer.ErrorMessage)
	}
	return nil
}

func (u *upload) count(arrived int64) {
	u.sent += arrived
	if u.options.progress != nil {
		u.options.progress(u.sent, u.total)
	}
}
