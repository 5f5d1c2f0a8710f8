package hanami

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// Source is where the bytes of an upload come from: see [File], [Bytes] and [Reader].
type Source struct {
	open func() (*opened, error)
}

// opened is a source that is being read.
type opened struct {
	io.ReaderAt
	size  int64
	close func() error
}

// File is a file, read while it is sent.
func File(path string) Source {
	return Source{open: func() (*opened, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("hanami: can't read what to upload: %w", err)
		}
		info, err := file.Stat()
		if err != nil {
			file.Close()
			return nil, fmt.Errorf("hanami: can't read what to upload: %w", err)
		}
		return &opened{ReaderAt: file, size: info.Size(), close: file.Close}, nil
	}}
}

// Reader is the first size bytes of something that can be read at any place, such as a part of a larger
// file.
func Reader(reader io.ReaderAt, size int64) Source {
	return Source{open: func() (*opened, error) {
		return &opened{ReaderAt: reader, size: size, close: func() error { return nil }}, nil
	}}
}

// Bytes is memory.
func Bytes(data []byte) Source {
	return Reader(bytes.NewReader(data), int64(len(data)))
}

// read fills chunk with the bytes from position on.
func (o *opened) read(chunk []byte, position int64) error {
	count, err := o.ReadAt(chunk, position)
	if count < len(chunk) {
		return fmt.Errorf("hanami: can't read what to upload: %w", err)
	}
	return nil
}
