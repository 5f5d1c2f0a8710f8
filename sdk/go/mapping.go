package hanami

import "encoding/json"

// Mapping is which columns of a table which brick of the cluster reads, or is to answer: a [WindowMapping]
// or a [RowMapping]. Every brick has to be mapped; a request may leave out all outputs.
type Mapping interface {
	json.Marshaler
	mapping()
}

// WindowMapping lets each brick read one column, through a window of as many rows as it has neurons.
type WindowMapping struct {
	// Inputs are the columns of the input bricks.
	Inputs map[string]string `json:"inputs"`
	// Outputs are the columns of the output bricks.
	Outputs map[string]string `json:"outputs,omitempty"`
}

// RowMapping lets each brick read some columns of one row per step, side by side: one neuron for a column of
// numbers, one per category for a column of texts.
type RowMapping struct {
	// Inputs are the columns of the input bricks.
	Inputs map[string][]string `json:"inputs"`
	// Outputs are the columns of the output bricks.
	Outputs map[string][]string `json:"outputs,omitempty"`
}

func (WindowMapping) mapping() {}
func (RowMapping) mapping()    {}

// MarshalJSON writes the mapping with its type.
func (m WindowMapping) MarshalJSON() ([]byte, error) {
	type fields WindowMapping
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{"window", fields(m)})
}

// MarshalJSON writes the mapping with its type.
func (m RowMapping) MarshalJSON() ([]byte, error) {
	type fields RowMapping
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{"row", fields(m)})
}
