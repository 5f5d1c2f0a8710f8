package hanami

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// pieceBytes is the most that one request sends of a file.
const pieceBytes = 1 << 20

var errRange = errors.New("the server misses bytes that it should not")

// ResumeMNIST goes on with an upload of images and labels that has failed, in this program or another one
// (see [WithPartsKept]): it sends what the server lacks, over plain HTTP, and finishes the dataset. It can be
// called again when it fails. A dataset that is finished already is no error.
func (c *Client) ResumeMNIST(
	ctx context.Context, dataset DatasetUUID, images, labels Source, changes ...UploadOption,
) error {
	sources := map[Part]Source{InputPart: images, LabelPart: labels}
	return c.resume(ctx, "/mnist/dataset", dataset, sources, changes)
}

// ResumeCSV goes on with an upload of a table, as [Client.ResumeMNIST] does with one of images.
func (c *Client) ResumeCSV(
	ctx context.Context, dataset DatasetUUID, table Source, changes ...UploadOption,
) error {
	return c.resume(ctx, "/csv/dataset", dataset, map[Part]Source{InputPart: table}, changes)
}

func (c *Client) resume(
	ctx context.Context, path string, dataset DatasetUUID, sources map[Part]Source,
	changes []UploadOption,
) error {
	state, err := c.UploadState(ctx, dataset)
	if err != nil {
		return err
	}
	if state.Complete && len(state.Files) == 0 {
		return nil
	}
	made := declared{UUID: dataset}
	upload := newUpload(c, changes)
	for _, file := range state.Files {
		upload.total += file.Size
		upload.sent += file.Received
		if file.Part == LabelPart {
			made.LabelFile = file.UUID
		} else {
			made.InputFile = file.UUID
		}
	}
	for _, file := range state.Files {
		if err := upload.sendMissing(ctx, sources[file.Part], file); err != nil {
			return err
		}
	}
	_, err = put[struct{}](ctx, c, path, made)
	return err
}

// sendMissing sends what the server lacks of a file.
func (u *upload) sendMissing(ctx context.Context, source Source, file FileState) error {
	if source.open == nil {
		return fmt.Errorf("hanami: there is nothing to send for the part %q of this dataset", file.Part)
	}
	opened, err := source.open()
	if err != nil {
		return err
	}
	defer opened.close()
	if opened.size != file.Size {
		return fmt.Errorf("hanami: the part %q has %d bytes, but %d were declared",
			file.Part, opened.size, file.Size)
	}
	// All before this has been sent.
	sent := int64(0)
	for len(file.Missing) > 0 {
		from, to := file.Missing[0][0], file.Missing[0][1]
		if from < sent || to <= from || to > file.Size {
			return u.client.transport.failed("sending a file", errRange)
		}
		piece := make([]byte, min(to-from, pieceBytes))
		if err := opened.read(piece, from); err != nil {
			return err
		}
		before := file.Received
		file, err = u.sendPiece(ctx, file, from, piece)
		if err != nil {
			return err
		}
		u.count(file.Received - before)
		sent = from + int64(len(piece))
	}
	return nil
}

func (u *upload) sendPiece(
	ctx context.Context, file FileState, from int64, piece []byte,
) (FileState, error) {
	body := inMemory(binaryKind, piece)
	body.places = fmt.Sprintf("bytes %d-%d/%d", from, from+body.size-1, file.Size)
	return send[FileState](ctx, u.client, request{
		method: http.MethodPut, path: apiPrefix + "/dataset/file", query: byUUID(file.UUID),
		content: body, repeatable: true,
	})
}
