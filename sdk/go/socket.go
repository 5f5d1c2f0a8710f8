package hanami

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// purpose is what a websocket is for.
type purpose string

const (
	clusterSocket    purpose = "cluster"
	fileUploadSocket purpose = "file_upload"
)

// maxFrameBytes is the largest message taken from a server.
const maxFrameBytes = 64 << 20

// frame is a protobuf message.
type frame interface {
	Append(buffer []byte) []byte
	Decode(data []byte) error
}

// socket is an open websocket: one answer per frame sent, in order. It is for one goroutine at a time.
type socket struct {
	connection *websocket.Conn
	transport  *transport
	// buffer is the memory of the frame that is being written.
	buffer []byte
}

// openSocket opens a websocket for the cluster or file uuid with the present token. A websocket can't
// replace a token that has expired; whoever opens one makes some request before.
func (c *Client) openSocket(ctx context.Context, purpose purpose, uuid string) (*socket, error) {
	t := c.transport
	ctx, cancel := context.WithTimeout(ctx, t.options.timeout)
	defer cancel()
	options := &websocket.DialOptions{HTTPClient: t.options.http}
	connection, answer, err := websocket.Dial(ctx, t.address.websocket(), options)
	if err != nil {
		if answer != nil && answer.StatusCode >= http.StatusBadRequest {
			return nil, refusal(answer)
		}
		return nil, t.failed("opening a websocket", err)
	}
	connection.SetReadLimit(maxFrameBytes)
	s := &socket{connection: connection, transport: t}
	if err := s.greet(ctx, c.session.current(), purpose, uuid); err != nil {
		s.abandon()
		return nil, err
	}
	return s, nil
}

func (s *socket) greet(ctx context.Context, token string, purpose purpose, uuid string) error {
	hello, err := json.Marshal(map[string]string{
		"token": token, "target": string(purpose), "uuid": uuid,
	})
	if err != nil {
		return s.broken(ctx, err)
	}
	if err := s.connection.Write(ctx, websocket.MessageText, hello); err != nil {
		return s.broken(ctx, err)
	}
	_, answer, err := s.connection.Read(ctx)
	if err != nil {
		return s.broken(ctx, err)
	}
	var welcome struct {
		Success bool   `json:"success"`
		Error   string `json:"error"`
	}
	if err := json.Unmarshal(answer, &welcome); err != nil {
		return s.broken(ctx, err)
	}
	if !welcome.Success {
		return refusedSocket(welcome.Error)
	}
	return nil
}

// send sends a frame, whose answer is still to be received.
func (s *socket) send(ctx context.Context, frame frame) error {
	s.buffer = frame.Append(s.buffer[:0])
	if err := s.connection.Write(ctx, websocket.MessageBinary, s.buffer); err != nil {
		return s.why(ctx, err)
	}
	return nil
}

// why tells why a frame could not be sent: if the server has closed the connection, it has said so behind
// the answers that were not read yet.
func (s *socket) why(ctx context.Context, err error) error {
	soon, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		_, _, reading := s.connection.Read(soon)
		if websocket.CloseStatus(reading) != -1 {
			return s.broken(ctx, reading)
		}
		if reading != nil {
			return s.broken(ctx, err)
		}
	}
}

// receive reads the next answer.
func (s *socket) receive(ctx context.Context, frame frame) error {
	_, data, err := s.connection.Read(ctx)
	if err != nil {
		return s.broken(ctx, err)
	}
	if err := frame.Decode(data); err != nil {
		return s.broken(ctx, err)
	}
	return nil
}

// close says goodbye. All that was sent has been answered by then, so how it ends makes no difference.
func (s *socket) close() {
	_ = s.connection.Close(websocket.StatusNormalClosure, "")
}

// abandon ends the connection without a word. Its error would tell nothing new.
func (s *socket) abandon() {
	_ = s.connection.CloseNow()
}

// broken is why the connection has ended.
func (s *socket) broken(ctx context.Context, err error) error {
	closed := websocket.CloseError{}
	if errors.As(err, &closed) && !passing(closed.Code) {
		return refusedSocket(closed.Reason)
	}
	if ctx.Err() != nil {
		// The websocket may only tell that it was closed for that.
		err = ctx.Err()
	}
	return s.transport.failed("using a websocket", err)
}

// passing tells whether a connection closed like this can be made again later: the server has stopped, or
// has too much to do.
func passing(code websocket.StatusCode) bool {
	return code == websocket.StatusGoingAway || code == websocket.StatusTryAgainLater
}

func refusedSocket(reason string) error {
	if reason == "" {
		reason = "it gave no reason"
	}
	return &WebsocketError{Reason: reason}
}
