package hanami

import (
	"context"
	"encoding/json"
	"io"
	"math"
)

// Preview is some rows of a dataset: of a table Columns and Rows, of images Images.
type Preview struct {
	// UUID names the dataset.
	UUID DatasetUUID `json:"uuid"`
	// From is the first row, counted from 0.
	From int64 `json:"from"`
	// Lines is the number of rows of the whole dataset.
	Lines int64 `json:"lines"`
	// Columns are the names of the columns of a table.
	Columns []string `json:"columns,omitempty"`
	// Rows are the rows of a table, each with one cell per column.
	Rows [][]Cell `json:"rows,omitempty"`
	// Height is the number of rows of pixels of an image; 0 where the dataset does not tell.
	Height int `json:"height,omitempty"`
	// Width is the number of pixels in a row of an image; 0 where the dataset does not tell.
	Width int `json:"width,omitempty"`
	// Images are images with their labels.
	Images []Image `json:"images,omitempty"`
}

// Cell is a cell of a table: a number, or the text of a category.
type Cell struct {
	// Number is the number; "true" and "false" are 1 and 0. NaN for a text, and for what is not known.
	Number float64
	// Text is the text; empty for a number.
	Text string
	// IsText tells which of them it is.
	IsText bool
}

// MarshalJSON writes a number or a text.
func (c Cell) MarshalJSON() ([]byte, error) {
	if c.IsText {
		return json.Marshal(c.Text)
	}
	if math.IsNaN(c.Number) {
		return []byte("null"), nil
	}
	return json.Marshal(c.Number)
}

// UnmarshalJSON reads a number or a text.
func (c *Cell) UnmarshalJSON(data []byte) error {
	*c = Cell{Number: math.NaN()}
	if string(data) == "null" {
		return nil
	}
	if json.Unmarshal(data, &c.Text) == nil {
		c.IsText = true
		return nil
	}
	return json.Unmarshal(data, &c.Number)
}

// Image is an image with its label.
type Image struct {
	// Pixels are its pixels row by row, 0 to 255.
	Pixels []int `json:"pixels"`
	// Label is the index of its class.
	Label int `json:"label"`
}

// ColumnType is what the rows of a column hold.
type ColumnType string

const (
	// NumberColumn holds numbers.
	NumberColumn ColumnType = "number"
	// BooleanColumn holds numbers, all of which are 0 or 1.
	BooleanColumn ColumnType = "boolean"
	// PixelsColumn holds images.
	PixelsColumn ColumnType = "pixels"
	// ClassColumn holds indices of classes.
	ClassColumn ColumnType = "class"
	// CategoryColumn holds texts, of which there are a few different ones.
	CategoryColumn ColumnType = "category"
)

// Column is what a column of a dataset holds. The numbers are those of all pixels for images, of the indices
// for classes, and nil for categories.
type Column struct {
	// Name is its name.
	Name string `json:"name"`
	// Type is what its rows hold.
	Type ColumnType `json:"type"`
	// Minimum is the lowest value.
	Minimum *float64 `json:"minimum,omitempty"`
	// Maximum is the highest value.
	Maximum *float64 `json:"maximum,omitempty"`
	// Mean is the mean value.
	Mean *float64 `json:"mean,omitempty"`
	// StandardDeviation is that of the values as a whole population.
	StandardDeviation *float64 `json:"standard_deviation,omitempty"`
	// Categories are, for classes and categories, how often each occurs.
	Categories []Category `json:"categories,omitempty"`
}

// Category is a class or category and how often it occurs.
type Category struct {
	// Category is its name.
	Category string `json:"category"`
	// Count is the number of its rows.
	Count int64 `json:"count"`
}

// Columns describes the columns of a dataset. One that is not finished is [ErrConflict].
func (c *Client) Columns(ctx context.Context, uuid DatasetUUID) ([]Column, error) {
	found, err := get[struct {
		Columns []Column `json:"columns"`
	}](ctx, c, "/dataset/columns", byUUID(uuid))
	return found.Columns, err
}

// Preview returns up to count rows of a dataset, at most 100, from the row from on; a count of 0 leaves the
// number to the server. There are fewer where they end or are wide.
func (c *Client) Preview(
	ctx context.Context, uuid DatasetUUID, from int64, count int,
) (Preview, error) {
	return get[Preview](ctx, c, "/dataset/preview", someRows(uuid, from, count))
}

// DownloadDataset writes a file of a dataset to w, a table as CSV or images as IDX, and returns its size. An
// upload of it makes the same dataset. After an error, what was written is not to be used.
func (c *Client) DownloadDataset(
	ctx context.Context, uuid DatasetUUID, part Part, w io.Writer,
) (int64, error) {
	query := byUUID(uuid)
	query.Set("part", string(part))
	return c.download(ctx, "/dataset/download", query, w)
}
