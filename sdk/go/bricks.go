package hanami

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Values are those of one brick, one per neuron. In JSON, NaN stands for one that is not known.
type Values []float32

// Bricks are one sample: values by the names of bricks.
type Bricks map[string]Values

// Samples are a list of samples by the names of bricks, with as many samples for each.
type Samples map[string][]Values

// Numbers are the answers of a request task. NaN stands for one that is no number.
type Numbers []float64

// MarshalJSON writes NaN as null. What is infinite can't be written.
func (v Values) MarshalJSON() ([]byte, error) {
	return marshalFloats(v, 32)
}

// UnmarshalJSON reads null as NaN.
func (v *Values) UnmarshalJSON(data []byte) (err error) {
	*v, err = unmarshalFloats[float32](data)
	return err
}

// MarshalJSON writes NaN as null. What is infinite can't be written.
func (n Numbers) MarshalJSON() ([]byte, error) {
	return marshalFloats(n, 64)
}

// UnmarshalJSON reads null as NaN.
func (n *Numbers) UnmarshalJSON(data []byte) (err error) {
	*n, err = unmarshalFloats[float64](data)
	return err
}

func marshalFloats[F float32 | float64](values []F, bits int) ([]byte, error) {
	text := []byte{'['}
	for i, value := range values {
		if i > 0 {
			text = append(text, ',')
		}
		wide := float64(value)
		switch {
		case math.IsNaN(wide):
			text = append(text, "null"...)
		case math.IsInf(wide, 0):
			return nil, fmt.Errorf("hanami: the value %d is infinite", i)
		default:
			text = strconv.AppendFloat(text, wide, 'g', -1, bits)
		}
	}
	return append(text, ']'), nil
}

func unmarshalFloats[F float32 | float64](data []byte) ([]F, error) {
	var read []*F
	if err := json.Unmarshal(data, &read); err != nil {
		return nil, err
	}
	values := make([]F, len(read))
	for i, value := range read {
		if value == nil {
			values[i] = F(math.NaN())
		} else {
			values[i] = *value
		}
	}
	return values, nil
}
