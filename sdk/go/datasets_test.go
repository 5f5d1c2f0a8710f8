package hanami_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hanami.local/sdk/hanami"
)

const table = "size,colour\n1,red\n2,blue\n3,red\n"

func TestDatasetsShowWhatTheyHold(t *testing.T) {
	client := connectToServer(t)
	uuid, err := client.UploadCSV(t.Context(), "things", hanami.Bytes([]byte(table)))
	if err != nil {
		t.Fatal(err)
	}
	preview, err := client.Preview(t.Context(), uuid, 1, 2)
	if err != nil || preview.Lines != 3 || len(preview.Rows) != 2 {
		t.Fatalf("%+v, %v", preview, err)
	}
	size, colour := preview.Rows[0][0], preview.Rows[0][1]
	if size.Number != 2 || size.IsText || colour.Text != "blue" || !colour.IsText {
		t.Errorf("%+v", preview.Rows)
	}
	if written, err := json.Marshal(preview.Rows[0]); err != nil || string(written) != `[2,"blue"]` {
		t.Errorf("written as %s, %v", written, err)
	}
	columns, err := client.Columns(t.Context(), uuid)
	if err != nil || len(columns) != 2 || columns[0].Type != hanami.NumberColumn ||
		*columns[0].Mean != 2 || columns[1].Type != hanami.CategoryColumn ||
		columns[1].Categories[1] != (hanami.Category{Category: "red", Count: 2}) {
		t.Errorf("%+v, %v", columns, err)
	}
	var file bytes.Buffer
	if _, err := client.DownloadDataset(t.Context(), uuid, hanami.InputPart, &file); err != nil {
		t.Error(err)
	}
	if !strings.HasPrefix(file.String(), "size,colour\n1,red\n") {
		t.Errorf("downloaded %q", file.String())
	}
	_, err = client.DownloadDataset(t.Context(), uuid, hanami.LabelPart, &file)
	if !errors.Is(err, hanami.ErrNotFound) {
		t.Errorf("the labels of a table: %v", err)
	}
}

func TestImagesAreShownAndDownloaded(t *testing.T) {
	client := connectToServer(t)
	path := func(name string) string { return filepath.Join(scenarioDirectory, "data", name) }
	images, labels := hanami.File(path("test-images.idx")), hanami.File(path("test-labels.idx"))
	uuid, err := client.UploadMNIST(t.Context(), "digits", images, labels)
	if err != nil {
		t.Fatal(err)
	}
	preview, err := client.Preview(t.Context(), uuid, 0, 0)
	if err != nil || preview.Width != 28 || len(preview.Images) != 20 ||
		len(preview.Images[0].Pixels) != 784 || preview.Images[0].Label != 7 {
		t.Errorf("%d images of width %d, %v", len(preview.Images), preview.Width, err)
	}
	for part, name := range map[hanami.Part]string{
		hanami.InputPart: "test-images.idx", hanami.LabelPart: "test-labels.idx",
	} {
		want, err := os.ReadFile(path(name))
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		_, err = client.DownloadDataset(t.Context(), uuid, part, &file)
		if err != nil || !bytes.Equal(file.Bytes(), want) {
			t.Errorf("%s is not what was uploaded: %v", name, err)
		}
	}
}

func TestResultsKeepAllOutputs(t *testing.T) {
	client := connectToServer(t)
	cluster := createCluster(t, client, "digits", "digits.template")
	path := func(name string) hanami.Source {
		return hanami.File(filepath.Join(scenarioDirectory, "data", name))
	}
	dataset, err := client.UploadMNIST(
		t.Context(), "digits", path("test-images.idx"), path("test-labels.idx"))
	if err != nil {
		t.Fatal(err)
	}
	task, err := client.CreateTask(t.Context(), hanami.NewTask{
		Name: "ask digits", Type: hanami.Request, Cluster: cluster, Dataset: dataset, FullOutputs: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Wait(t.Context(), cluster, task.UUID, nil); err != nil {
		t.Fatal(err)
	}
	result, err := client.RequestResult(t.Context(), task.Result())
	if err != nil || !result.HasOutputs || result.Rows != 100 || result.DatasetType != hanami.MNIST ||
		result.Created.IsZero() {
		t.Errorf("%+v, %v", result, err)
	}
	page, err := client.OutputsPage(t.Context(), task.Result(), 90, 20)
	if err != nil || len(page.Outputs) != 10 || page.Width != 10 || len(page.Bricks) != 1 {
		t.Errorf("%+v, %v", page, err)
	}
	rows := 0
	for row, err := range client.Outputs(t.Context(), task.Result()) {
		if err != nil || len(row) != 10 {
			t.Fatalf("%v, %v", row, err)
		}
		rows++
	}
	if rows != 100 {
		t.Errorf("there were %d rows", rows)
	}
	var file bytes.Buffer
	_, err = client.DownloadRequestResult(t.Context(), task.Result(), &file)
	if err != nil || strings.Count(file.String(), "\n") != 101 {
		t.Errorf("%q, %v", file.String(), err)
	}
	score, err := client.Check(t.Context(), task.Result(), dataset)
	if err != nil || score.Samples != 100 || len(score.Confusion) != 10 || len(score.Classes) != 10 ||
		score.MAE != nil {
		t.Errorf("%+v, %v", score, err)
	}
	changed, err := client.ChangeRequestResult(
		t.Context(), task.Result(), hanami.Change{Name: "asked", Visibility: hanami.Public})
	if err != nil || changed.Name != "asked" || changed.Visibility != hanami.Public {
		t.Errorf("%+v, %v", changed, err)
	}
}

// failingReader fails from a position on.
type failingReader struct {
	*bytes.Reader
	from int64
}

var errWorn = errors.New("the tape is worn out here")

func (r failingReader) ReadAt(data []byte, position int64) (int, error) {
	if position >= r.from {
		return 0, errWorn
	}
	return r.Reader.ReadAt(data, position)
}

func TestUploadsAreTakenUpAgain(t *testing.T) {
	client := connectToServer(t)
	data := []byte("number\n" + strings.Repeat("12.5\n", 600_000))
	broken := failingReader{bytes.NewReader(data), 12 * chunk}
	_, err := client.UploadCSV(t.Context(), "numbers",
		hanami.Reader(broken, int64(len(data))), hanami.WithPartsKept())
	kept := (*hanami.UploadError)(nil)
	if !errors.As(err, &kept) || !errors.Is(err, errWorn) ||
		!strings.Contains(err.Error(), string(kept.Dataset)) {
		t.Fatal(err)
	}
	short := hanami.Bytes(data[1:])
	if err := client.ResumeCSV(t.Context(), kept.Dataset, short); err == nil {
		t.Error("another file was taken")
	}
	if err := client.ResumeMNIST(t.Context(), kept.Dataset, hanami.Source{}, hanami.Source{}); err == nil {
		t.Error("nothing was taken for a file")
	}
	first, last := int64(-1), int64(0)
	progress := func(sent, _ int64) {
		if first < 0 {
			first = sent
		}
		last = sent
	}
	whole := hanami.Bytes(data)
	err = client.ResumeCSV(t.Context(), kept.Dataset, whole, hanami.WithProgress(progress))
	if err != nil {
		t.Fatal(err)
	}
	if first <= 1<<20 || last != int64(len(data)) {
		t.Errorf("the progress began with %d and ended with %d", first, last)
	}
	dataset, err := client.Dataset(t.Context(), kept.Dataset)
	if err != nil || dataset.Lines != 600_000 {
		t.Errorf("%+v, %v", dataset, err)
	}
	if err := client.ResumeCSV(t.Context(), kept.Dataset, whole); err != nil {
		t.Errorf("going on with what is finished: %v", err)
	}
}
