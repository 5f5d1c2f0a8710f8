// Package testserver runs Hanami servers for tests and examples.
package testserver

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The first admin of every server.
const (
	AdminID  = "admin"
	Password = "correct horse battery"
)

const announcement = "Hanami listens on "

// Server is a running server with a data directory of its own.
type Server struct {
	// Address is its URL.
	Address string
	command *exec.Cmd
	data    string
}

// Start starts a server with some variables added to its environment, and waits until it listens.
func Start(environment map[string]string) (*Server, error) {
	binary, err := findBinary()
	if err != nil {
		return nil, err
	}
	data, err := os.MkdirTemp("", "hanami-go-sdk-")
	if err != nil {
		return nil, err
	}
	command := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--data-dir", data)
	command.Env = append(os.Environ(), "HANAMI_ADMIN_USER_ID="+AdminID,
		"HANAMI_ADMIN_USER_NAME=Admin", "HANAMI_ADMIN_PASSWORD="+Password, "HANAMI_LOG_FILTER=warn")
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", binary, err)
	}
	server := &Server{command: command, data: data}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if address, found := strings.CutPrefix(lines.Text(), announcement); found {
			server.Address = strings.TrimSpace(address)
			go func() {
				// So that the server never waits for its output to be read.
				for lines.Scan() {
				}
			}()
			return server, nil
		}
	}
	return nil, errors.Join(errors.New("the server ended before it listened"), server.Stop())
}

// Stop ends the server and deletes its data.
func (s *Server) Stop() error {
	killed := s.command.Process.Kill()
	// That it was killed is no news.
	_ = s.command.Wait()
	return errors.Join(killed, os.RemoveAll(s.data))
}

// Root is the directory of the repository.
func Root() (string, error) {
	directory, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(directory, "sdk", "scenarios")); err == nil {
			return directory, nil
		}
		parent := filepath.Dir(directory)
		if parent == directory {
			return "", errors.New("this is not inside Hanami's repository")
		}
		directory = parent
	}
}

func findBinary() (string, error) {
	if named := os.Getenv("HANAMI_BINARY"); named != "" {
		return named, nil
	}
	root, err := Root()
	if err != nil {
		return "", err
	}
	for _, build := range []string{"debug", "release"} {
		binary := filepath.Join(root, "target", build, "hanami")
		if _, err := os.Stat(binary); err == nil {
			return binary, nil
		}
	}
	return "", errors.New("there is no server to test against: build it with `cargo build -p hanami`, " +
		"or name one in HANAMI_BINARY")
}
