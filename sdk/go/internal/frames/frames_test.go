package frames_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"testing"

	"hanami.local/sdk/hanami/internal/frames"
)

type vector struct {
	About   string
	Message string
	Hex     string
	Fields  fields
}

type fields struct {
	BrickName      string
	IsLast         bool
	ProcessType    int32
	NumberOfValues uint64
	Values         []float64
	Position       uint64
	Data           string
	Success        bool
	ErrorMessage   string
}

type message interface {
	Append([]byte) []byte
	Decode([]byte) error
}

func TestSharedVectors(t *testing.T) {
	text, err := os.ReadFile("../../../scenarios/frames.json")
	if err != nil {
		t.Fatal(err)
	}
	var shared struct {
		Vectors    []vector
		DecodeOnly []vector `json:"decode_only"`
		Invalid    []vector
	}
	if err := json.Unmarshal(text, &shared); err != nil {
		t.Fatal(err)
	}
	if len(shared.Vectors) == 0 || len(shared.DecodeOnly) == 0 || len(shared.Invalid) == 0 {
		t.Fatal("there are no vectors")
	}
	for _, vector := range shared.Vectors {
		if encoded := hex.EncodeToString(build(t, vector).Append(nil)); encoded != vector.Hex {
			t.Errorf("%s: encoded as %s, not as %s", vector.About, encoded, vector.Hex)
		}
	}
	for _, vector := range append(shared.Vectors, shared.DecodeOnly...) {
		decoded := empty(t, vector.Message)
		if err := decoded.Decode(fromHex(t, vector.Hex)); err != nil {
			t.Errorf("%s: %v", vector.About, err)
		}
		if got, want := show(decoded), show(build(t, vector)); got != want {
			t.Errorf("%s: decoded as %s, not as %s", vector.About, got, want)
		}
	}
	for _, vector := range shared.Invalid {
		if err := empty(t, vector.Message).Decode(fromHex(t, vector.Hex)); err == nil {
			t.Errorf("%s: was decoded", vector.About)
		}
	}
}

func TestMessagesAreReused(t *testing.T) {
	long := frames.ClusterIO{BrickName: "long", IsLast: true, Values: []float32{1, 2, 3}}
	short := frames.ClusterIO{Values: []float32{4}}
	decoded := frames.ClusterIO{}
	for _, sent := range []frames.ClusterIO{long, short} {
		if err := decoded.Decode(sent.Append(nil)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(decoded, sent) {
			t.Errorf("decoded %+v, not %+v", decoded, sent)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x0a\x01a\x10\x01\x2a\x04\x00\x00\x80\x3f"))
	f.Add([]byte("\x08\x05\x12\x01\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, first := range []message{
			&frames.ClusterIO{}, &frames.FileUpload{}, &frames.FileUploadResponse{},
		} {
			if first.Decode(data) != nil {
				continue
			}
			second := reflect.New(reflect.TypeOf(first).Elem()).Interface().(message)
			if err := second.Decode(first.Append(nil)); err != nil {
				t.Errorf("what was written can't be read: %v", err)
			}
			if show(first) != show(second) {
				t.Errorf("%s became %s", show(first), show(second))
			}
		}
	})
}

func empty(t *testing.T, name string) message {
	t.Helper()
	switch name {
	case "ClusterIO_Message":
		return &frames.ClusterIO{}
	case "FileUpload_Message":
		return &frames.FileUpload{}
	case "FileUploadResponse_Message":
		return &frames.FileUploadResponse{}
	}
	t.Fatalf("there is no message %s", name)
	return nil
}

func build(t *testing.T, vector vector) message {
	t.Helper()
	given := vector.Fields
	built := empty(t, vector.Message)
	switch built := built.(type) {
	case *frames.ClusterIO:
		*built = frames.ClusterIO{
			BrickName: given.BrickName, IsLast: given.IsLast,
			ProcessType: frames.ProcessType(given.ProcessType), NumberOfValues: given.NumberOfValues,
		}
		for _, value := range given.Values {
			built.Values = append(built.Values, float32(value))
		}
	case *frames.FileUpload:
		*built = frames.FileUpload{Position: given.Position, Data: fromHex(t, given.Data)}
	case *frames.FileUploadResponse:
		*built = frames.FileUploadResponse{Success: given.Success, ErrorMessage: given.ErrorMessage}
	}
	return built
}

func fromHex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// show tells messages apart that differ, down to the sign of a zero.
func show(m message) string {
	if m, ok := m.(*frames.ClusterIO); ok {
		text := fmt.Sprintf("%q %v %d %d", m.BrickName, m.IsLast, m.ProcessType, m.NumberOfValues)
		for _, value := range m.Values {
			text += fmt.Sprintf(" %08x", math.Float32bits(value))
		}
		return text
	}
	return fmt.Sprintf("%+v", m)
}
