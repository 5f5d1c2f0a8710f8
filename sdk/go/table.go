package hanami

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
)

// table is how a list travels: the names of the columns, and rows of cells.
type table struct {
	Header []string            `json:"header"`
	Body   [][]json.RawMessage `json:"body"`
}

// list gets all rows of a list. Columns are found by their names, so that a newer server may add some.
func list[Row any](ctx context.Context, c *Client, path string, query url.Values) ([]Row, error) {
	table, err := get[table](ctx, c, path, query)
	if err != nil {
		return nil, err
	}
	rows, err := readRows[Row](table)
	if err != nil {
		return nil, c.transport.failed("reading an answer", err)
	}
	return rows, nil
}

func readRows[Row any](table table) ([]Row, error) {
	rows := make([]Row, len(table.Body))
	for i, cells := range table.Body {
		if len(cells) != len(table.Header) {
			return nil, fmt.Errorf("row %d has %d cells, not %d", i, len(cells), len(table.Header))
		}
		named := make(map[string]json.RawMessage, len(cells))
		for column, cell := range cells {
			named[table.Header[column]] = cell
		}
		text, err := json.Marshal(named)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
		if err := json.Unmarshal(text, &rows[i]); err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
	}
	return rows, nil
}
