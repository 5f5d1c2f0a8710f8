package hanami

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"time"
)

const (
	// patience is how long the server may be silent; it sends a comment every 15 seconds.
	patience = time.Minute
	// maxEventBytes is the longest line of an event.
	maxEventBytes = 1 << 20
)

// errSilent is a connection that seems to have been cut.
var errSilent = fmt.Errorf("the server is silent: %w", io.ErrUnexpectedEOF)

// event is something that has happened at the server.
type event struct {
	name string
	data []byte
}

// events reads server-sent events as a Hanami server writes them.
type events struct {
	lines *bufio.Scanner
	// silence goes off when the server has been silent for too long.
	silence *time.Timer
}

// newEvents reads events from a stream; silent is called when it has been silent for too long.
func newEvents(stream io.Reader, silent func()) *events {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, maxEventBytes)
	return &events{lines: lines, silence: time.AfterFunc(patience, silent)}
}

func (e *events) close() {
	e.silence.Stop()
}

// next is the next event; comments are passed over.
func (e *events) next() (event, error) {
	var next event
	for e.lines.Scan() {
		e.silence.Reset(patience)
		line := e.lines.Bytes()
		if len(line) == 0 {
			if next.name != "" {
				return next, nil
			}
			next = event{}
			continue
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			next.name = string(value)
		case "data":
			if next.data != nil {
				next.data = append(next.data, '\n')
			}
			next.data = append(next.data, value...)
		}
	}
	if err := e.lines.Err(); err != nil {
		return event{}, err
	}
	return event{}, io.ErrUnexpectedEOF
}
