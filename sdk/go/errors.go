package hanami

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ErrorCode is the kind of an [*Error], for programs. It is an error itself, for errors.Is to compare with.
type ErrorCode string

// Every kind of error that the server answers. The texts do not change; a newer server may have more.
const (
	// ErrInvalidBody (400): a field is missing, unknown, of the wrong type or against a rule.
	ErrInvalidBody ErrorCode = "invalid-body"
	// ErrInvalidQuery (400): an id or uuid that is none, or another malformed parameter.
	ErrInvalidQuery ErrorCode = "invalid-query"
	// ErrInvalidTemplate (400): a cluster template that can't be read; the detail shows where.
	ErrInvalidTemplate ErrorCode = "invalid-template"
	// ErrInvalidDataset (400): uploaded data that can't be read, or is not complete.
	ErrInvalidDataset ErrorCode = "invalid-dataset"
	// ErrInvalidCheckpoint (400): an uploaded checkpoint that can't be read.
	ErrInvalidCheckpoint ErrorCode = "invalid-checkpoint"
	// ErrDatasetMismatch (400): dataset and cluster, or dataset and result, do not fit together.
	ErrDatasetMismatch ErrorCode = "dataset-mismatch"
	// ErrLimitExceeded (400): more than the server takes; the detail names the limit.
	ErrLimitExceeded ErrorCode = "limit-exceeded"
	// ErrInvalidToken (401): the token is missing or not valid, and there is no way to a new one.
	ErrInvalidToken ErrorCode = "invalid-token"
	// ErrWrongCredentials (401): the id or the password is wrong.
	ErrWrongCredentials ErrorCode = "wrong-credentials"
	// ErrForbidden (401): the user's role does not allow this.
	ErrForbidden ErrorCode = "forbidden"
	// ErrNotFound (404): there is no such thing, or this user may not see it.
	ErrNotFound ErrorCode = "not-found"
	// ErrConflict (409): it exists already, is in use, or its state does not allow this.
	ErrConflict ErrorCode = "conflict"
	// ErrQuotaExceeded (409): the project would hold more than it may; deleting something helps.
	ErrQuotaExceeded ErrorCode = "quota-exceeded"
	// ErrTooMany (429): too much at once; try again after [Error.RetryAfter].
	ErrTooMany ErrorCode = "too-many"
	// ErrInternal (500): a mistake of the server; its log has the cause under the request id.
	ErrInternal ErrorCode = "internal"
	// ErrUnavailable (503): the server is stopping, or can't do this at present.
	ErrUnavailable ErrorCode = "unavailable"
	// ErrStorageFull (503): the disk of the server is full; deleting still works.
	ErrStorageFull ErrorCode = "storage-full"
)

// Error returns the code.
func (c ErrorCode) Error() string {
	return string(c)
}

// Error is what the server refused, and why. It unwraps to its Code.
type Error struct {
	// Status is the HTTP status.
	Status int `json:"status"`
	// Code is the kind of error; empty if the answer came from no Hanami, say from a proxy.
	Code ErrorCode `json:"code"`
	// Title is the kind of error in a few words.
	Title string `json:"title"`
	// Detail says what is wrong with this very request and how to mend it.
	Detail string `json:"detail"`
	// RequestID leads to the request in the server's log.
	RequestID string `json:"request_id"`
	// RetryAfter is how long the server wants to be left alone; 0 if it did not say.
	RetryAfter time.Duration `json:"-"`
}

// Error tells the detail, the status and the id of the request.
func (e *Error) Error() string {
	request := ""
	if e.RequestID != "" {
		request = ", request " + e.RequestID
	}
	return fmt.Sprintf("hanami: %s (status %d%s)", e.Detail, e.Status, request)
}

// Unwrap returns the code, so that errors.Is finds it.
func (e *Error) Unwrap() error {
	if e.Code == "" {
		return nil
	}
	return e.Code
}

// maxErrorBytes is how much is read of an answer that tells of an error.
const maxErrorBytes = 1 << 20

// refusal reads an answer with an error status.
func refusal(answer *http.Response) error {
	problem := Error{}
	// What can't be read is as good as missing: the status tells enough.
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxErrorBytes))
	if json.Unmarshal(body, &problem) != nil || problem.Code == "" {
		problem = Error{Detail: strings.TrimSpace(string(body))}
	}
	problem.Status = answer.StatusCode
	if problem.RequestID == "" {
		problem.RequestID = answer.Header.Get("X-Request-Id")
	}
	if problem.Detail == "" {
		problem.Detail = "the server gave no reason"
	}
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		problem.RetryAfter = time.Duration(seconds) * time.Second
	}
	return &problem
}

// ConnectionError is a connection that could not be made or broke, or an answer that no Hanami server
// gives.
type ConnectionError struct {
	// Address is the server.
	Address string
	// Doing is what was going on.
	Doing string
	// Err is the cause.
	Err error
}

// Error tells the server, what was going on and the cause.
func (e *ConnectionError) Error() string {
	return fmt.Sprintf("hanami: the connection to %s failed while %s: %v", e.Address, e.Doing, e.Err)
}

// Unwrap returns the cause.
func (e *ConnectionError) Unwrap() error {
	return e.Err
}

// WebsocketError is a websocket that the server refused or closed, or a chunk that it did not take.
type WebsocketError struct {
	// Reason is the server's.
	Reason string
}

// Error tells the reason.
func (e *WebsocketError) Error() string {
	return "hanami: the server refused: " + e.Reason
}

// TaskAbortedError is what [Client.Wait] returns for a task that was stopped or failed.
type TaskAbortedError struct {
	// Task is the task.
	Task TaskUUID
	// Reason is why it failed; empty if someone stopped it.
	Reason string
}

// Error tells the task and the reason.
func (e *TaskAbortedError) Error() string {
	reason := e.Reason
	if reason == "" {
		reason = "someone stopped it"
	}
	return fmt.Sprintf("hanami: the task %s was aborted: %s", e.Task, reason)
}
