package hanami

import "context"

// DatasetType is what a dataset was made from.
type DatasetType string

const (
	// MNIST is a pair of IDX files: images and labels.
	MNIST DatasetType = "mnist"
	// CSV is a table.
	CSV DatasetType = "csv"
)

// DatasetEntry is a dataset in a list.
type DatasetEntry struct {
	Resource
	// UUID names the dataset.
	UUID DatasetUUID `json:"uuid"`
	// Type is what it was made from.
	Type DatasetType `json:"type"`
}

// Dataset is what tasks learn from or ask about.
type Dataset struct {
	DatasetEntry
	// Inputs is the number of values of one input: pixels of an image, columns of a table. 0 until the
	// upload is finished.
	Inputs int64 `json:"inputs"`
	// Outputs is the number of values of one output: classes of the images, columns of a table. 0 until
	// the upload is finished.
	Outputs int64 `json:"outputs"`
	// Lines is the number of images or rows. 0 until the upload is finished.
	Lines int64 `json:"lines"`
	// Location is where the server keeps it, relative to its data directory.
	Location string `json:"location"`
}

// UploadState is how far the upload of a dataset has come.
type UploadState struct {
	// UUID names the dataset.
	UUID DatasetUUID `json:"uuid"`
	// Complete is whether all bytes of all its files have arrived.
	Complete bool `json:"complete"`
	// Files are those that it waits for; none once it is finished.
	Files []FileState `json:"files"`
}

// Part is which of the files of a dataset.
type Part string

const (
	// InputPart is the table, or the images.
	InputPart Part = "input"
	// LabelPart is the labels.
	LabelPart Part = "label"
)

// FileState is how far a file of a dataset has arrived.
type FileState struct {
	// UUID names the file.
	UUID FileUUID `json:"uuid"`
	// Part is which of the files of its dataset it is.
	Part Part `json:"part"`
	// Size is its declared size in bytes.
	Size int64 `json:"size"`
	// Received is the number of bytes that have arrived.
	Received int64 `json:"received"`
	// Missing is what has not arrived yet: the first 1000 ranges, each as the position of its first byte
	// and of the first byte behind it.
	Missing [][2]int64 `json:"missing"`
}

// Dataset returns a dataset.
func (c *Client) Dataset(ctx context.Context, uuid DatasetUUID) (Dataset, error) {
	return get[Dataset](ctx, c, "/dataset", byUUID(uuid))
}

// Datasets returns all datasets that one may see.
func (c *Client) Datasets(ctx context.Context) ([]DatasetEntry, error) {
	return list[DatasetEntry](ctx, c, "/dataset/all", nil)
}

// DeleteDataset deletes a dataset.
func (c *Client) DeleteDataset(ctx context.Context, uuid DatasetUUID) error {
	return remove(ctx, c, "/dataset", byUUID(uuid))
}

// UploadState tells how far the upload of a dataset has come.
func (c *Client) UploadState(ctx context.Context, uuid DatasetUUID) (UploadState, error) {
	return get[UploadState](ctx, c, "/dataset/progress", byUUID(uuid))
}
