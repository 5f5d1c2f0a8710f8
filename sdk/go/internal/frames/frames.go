// Package frames reads and writes the protobuf messages of Hanami's websocket.
//
// They are three small messages whose field numbers never change, so the codec is written by hand
// on top of protowire. Generated code would register the package-less names of the messages
// (ClusterIO_Message and so on) in protobuf's global registry, and a program that links another
// Hanami SDK with the same names would panic when it starts. It would also allocate anew for every
// frame, while these messages are reused for as long as a connection lives.
//
// Reading takes whatever the rules of proto3 allow: fields in any order, the last of several
// counts, floats packed or not, unknown fields are passed over.
package frames

import (
	"errors"
	"math"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// ProcessType is what a [ClusterIO] with IsLast makes a cluster do.
type ProcessType int32

const (
	// Request makes it predict.
	Request ProcessType = 0
	// Train makes it learn one sample.
	Train ProcessType = 1
)

// ClusterIO is the ClusterIO_Message: values for one brick, or an answer.
type ClusterIO struct {
	BrickName      string
	IsLast         bool
	ProcessType    ProcessType
	NumberOfValues uint64
	Values         []float32
}

// FileUpload is the FileUpload_Message: one chunk of a file.
type FileUpload struct {
	Position uint64
	Data     []byte
}

// FileUploadResponse is the FileUploadResponse_Message: the answer to a chunk.
type FileUploadResponse struct {
	Success      bool
	ErrorMessage string
}

var (
	errUTF8   = errors.New("a text is not UTF-8")
	errFloats = errors.New("packed floats end in the middle of one")
)

// Append adds the encoded message to buffer.
func (m *ClusterIO) Append(buffer []byte) []byte {
	if m.BrickName != "" {
		buffer = protowire.AppendTag(buffer, 1, protowire.BytesType)
		buffer = protowire.AppendString(buffer, m.BrickName)
	}
	buffer = appendBool(buffer, 2, m.IsLast)
	buffer = appendUint(buffer, 3, uint64(m.ProcessType))
	buffer = appendUint(buffer, 4, m.NumberOfValues)
	if len(m.Values) > 0 {
		buffer = protowire.AppendTag(buffer, 5, protowire.BytesType)
		buffer = protowire.AppendVarint(buffer, uint64(len(m.Values))*4)
		for _, value := range m.Values {
			buffer = protowire.AppendFixed32(buffer, math.Float32bits(value))
		}
	}
	return buffer
}

// Decode replaces the message by the one encoded in data.
func (m *ClusterIO) Decode(data []byte) error {
	*m = ClusterIO{Values: m.Values[:0]}
	return decode(data, func(field field) (err error) {
		switch {
		case field.is(1, protowire.BytesType):
			m.BrickName, err = field.text()
		case field.is(2, protowire.VarintType):
			m.IsLast = field.number != 0
		case field.is(3, protowire.VarintType):
			m.ProcessType = ProcessType(field.number)
		case field.is(4, protowire.VarintType):
			m.NumberOfValues = field.number
		case field.is(5, protowire.BytesType):
			m.Values, err = appendFloats(m.Values, field.bytes)
		case field.is(5, protowire.Fixed32Type):
			m.Values = append(m.Values, math.Float32frombits(uint32(field.number)))
		}
		return err
	})
}

// Append adds the encoded message to buffer.
func (m *FileUpload) Append(buffer []byte) []byte {
	buffer = appendUint(buffer, 1, m.Position)
	if len(m.Data) > 0 {
		buffer = protowire.AppendTag(buffer, 2, protowire.BytesType)
		buffer = protowire.AppendBytes(buffer, m.Data)
	}
	return buffer
}

// Decode replaces the message by the one encoded in data, of which Data stays a part.
func (m *FileUpload) Decode(data []byte) error {
	*m = FileUpload{}
	return decode(data, func(field field) error {
		switch {
		case field.is(1, protowire.VarintType):
			m.Position = field.number
		case field.is(2, protowire.BytesType):
			m.Data = field.bytes
		}
		return nil
	})
}

// Append adds the encoded message to buffer.
func (m *FileUploadResponse) Append(buffer []byte) []byte {
	buffer = appendBool(buffer, 1, m.Success)
	if m.ErrorMessage != "" {
		buffer = protowire.AppendTag(buffer, 2, protowire.BytesType)
		buffer = protowire.AppendString(buffer, m.ErrorMessage)
	}
	return buffer
}

// Decode replaces the message by the one encoded in data.
func (m *FileUploadResponse) Decode(data []byte) error {
	*m = FileUploadResponse{}
	return decode(data, func(field field) (err error) {
		switch {
		case field.is(1, protowire.VarintType):
			m.Success = field.number != 0
		case field.is(2, protowire.BytesType):
			m.ErrorMessage, err = field.text()
		}
		return err
	})
}

func appendUint(buffer []byte, number protowire.Number, value uint64) []byte {
	if value == 0 {
		return buffer
	}
	buffer = protowire.AppendTag(buffer, number, protowire.VarintType)
	return protowire.AppendVarint(buffer, value)
}

func appendBool(buffer []byte, number protowire.Number, value bool) []byte {
	return appendUint(buffer, number, protowire.EncodeBool(value))
}

func appendFloats(values []float32, data []byte) ([]float32, error) {
	if len(data)%4 != 0 {
		return nil, errFloats
	}
	for len(data) > 0 {
		bits, size := protowire.ConsumeFixed32(data)
		values = append(values, math.Float32frombits(bits))
		data = data[size:]
	}
	return values, nil
}

// field is one encoded field: bytes for a length-delimited one, a number for the others.
type field struct {
	id     protowire.Number
	kind   protowire.Type
	number uint64
	bytes  []byte
}

func (f field) is(id protowire.Number, kind protowire.Type) bool {
	return f.id == id && f.kind == kind
}

func (f field) text() (string, error) {
	if !utf8.Valid(f.bytes) {
		return "", errUTF8
	}
	return string(f.bytes), nil
}

// decode hands every field in data to take.
func decode(data []byte, take func(field) error) error {
	for len(data) > 0 {
		id, kind, size := protowire.ConsumeTag(data)
		if size < 0 {
			return protowire.ParseError(size)
		}
		data = data[size:]
		field := field{id: id, kind: kind}
		switch kind {
		case protowire.VarintType:
			field.number, size = protowire.ConsumeVarint(data)
		case protowire.Fixed32Type:
			var bits uint32
			bits, size = protowire.ConsumeFixed32(data)
			field.number = uint64(bits)
		case protowire.BytesType:
			field.bytes, size = protowire.ConsumeBytes(data)
		default:
			size = protowire.ConsumeFieldValue(id, kind, data)
		}
		if size < 0 {
			return protowire.ParseError(size)
		}
		if err := take(field); err != nil {
			return err
		}
		data = data[size:]
	}
	return nil
}
