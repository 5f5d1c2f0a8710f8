package hanami_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hanami.local/sdk/hanami/internal/testserver"
)

func TestSourceIsTidy(t *testing.T) {
	if listed := command(t, ".", "gofmt", "-l", "."); listed != "" {
		t.Errorf("gofmt would change\n%s", listed)
	}
	command(t, ".", "go", "vet", "./...")
	command(t, ".", "go", "tool", "-modfile=tools/go.mod", "staticcheck", "./...")
}

func TestReferenceIsUpToDate(t *testing.T) {
	committed, err := os.ReadFile("REFERENCE.md")
	if err != nil {
		t.Fatal(err)
	}
	if command(t, ".", "go", "run", "./internal/reference") != string(committed) {
		t.Error("REFERENCE.md is not what the source says; run `go generate`")
	}
}

func TestEveryEndpointIsCovered(t *testing.T) {
	text, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var document struct{ Paths map[string]any }
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	for path := range document.Paths {
		endpoint, found := strings.CutPrefix(path, "/control/v1")
		if found && !strings.Contains(source.String(), `"`+endpoint+`"`) {
			t.Errorf("nothing calls %s", path)
		}
	}
}

// TestQuickStart does what the README says, in a module of its own.
func TestQuickStart(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	sdk, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	server := startServer(t, nil)
	program := strings.ReplaceAll(block(t, readme, "go"), "127.0.0.1:11418", server)
	if err := os.WriteFile(filepath.Join(directory, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	script := strings.ReplaceAll(block(t, readme, "sh"), "/path/to/hanami/sdk/go", sdk)
	command(t, directory, "sh", "-ec", script)
	t.Setenv("HANAMI_PASSWORD", testserver.Password)
	promised := regexp.MustCompile("It prints `(.*)`").FindSubmatch(readme)
	if printed := command(t, directory, "go", "run", "."); printed != string(promised[1])+"\n" {
		t.Errorf("it prints %q", printed)
	}
}

// block is the first block of code in a language.
func block(t *testing.T, readme []byte, language string) string {
	t.Helper()
	found := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(readme)
	if found == nil {
		t.Fatalf("there is no %s in the README", language)
	}
	return string(found[1])
}

// command returns what a command prints; it fails the test if the command fails.
func command(t *testing.T, directory, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir = directory
	var errors bytes.Buffer
	command.Stderr = &errors
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(arguments, " "), err, output, errors.String())
	}
	return string(output)
}
