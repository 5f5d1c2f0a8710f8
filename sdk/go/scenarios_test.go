package hanami_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hanami.local/sdk/hanami"
	"hanami.local/sdk/hanami/internal/testserver"
)

const scenarioDirectory = "../scenarios"

// scenario is a file of sdk/scenarios, whose README describes the format.
type scenario struct {
	About  string
	Server map[string]string
	Steps  []step
}

type step struct {
	About  string
	Call   string
	As     string
	With   map[string]any
	Save   map[string]string
	Expect map[string]any
	Error  *failure
	Repeat int
	Steps  []step
}

type failure struct {
	Status    int
	Code      hanami.ErrorCode
	Detail    string
	Websocket string
}

func TestScenarios(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(scenarioDirectory, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range paths {
		if filepath.Base(path) == "frames.json" {
			continue
		}
		found++
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			t.Parallel()
			runScenario(t, path)
		})
	}
	if found == 0 {
		t.Fatalf("there are no scenarios in %s", scenarioDirectory)
	}
}

func runScenario(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var scenario scenario
	if err := json.Unmarshal(text, &scenario); err != nil {
		t.Fatal(err)
	}
	server := startServer(t, scenario.Server)
	admin, err := hanami.Connect(t.Context(), server, testserver.AdminID, testserver.Password)
	if err != nil {
		t.Fatal(err)
	}
	nobody, err := hanami.ConnectWithToken(server, "not-a-token")
	if err != nil {
		t.Fatal(err)
	}
	player := &player{
		t:         t,
		server:    server,
		actors:    map[string]*hanami.Client{"admin": admin, "nobody": nobody},
		lines:     map[string]*hanami.Direct{},
		variables: map[string]any{},
	}
	player.play(scenario.Steps)
}

// player makes the calls of one scenario.
type player struct {
	t         *testing.T
	server    string
	actors    map[string]*hanami.Client
	lines     map[string]*hanami.Direct
	variables map[string]any
}

func (p *player) play(steps []step) {
	for _, step := range steps {
		if step.Steps != nil {
			for range step.Repeat {
				p.play(step.Steps)
			}
			continue
		}
		p.step(step)
	}
}

func (p *player) step(step step) {
	p.t.Helper()
	perform, known := calls[step.Call]
	if !known {
		p.t.Fatalf("the call %q is not known", step.Call)
	}
	actor := step.As
	if actor == "" {
		actor = "admin"
	}
	with, _ := p.substitute(step.With).(map[string]any)
	call := &call{player: p, name: actor, client: p.actors[actor], with: with}
	result, err := perform(p.t.Context(), call)
	where := func() string {
		text, _ := json.Marshal(step)
		return string(text)
	}
	if step.Error != nil {
		if !step.Error.matches(err) {
			p.t.Fatalf("failed with %v\nin %s", err, where())
		}
		return
	}
	if err != nil {
		p.t.Fatalf("%v\nin %s", err, where())
	}
	document := toJSON(p.t, result)
	for pointer, matcher := range step.Expect {
		value, found := lookUp(document, pointer)
		if !matches(value, found, p.substitute(matcher)) {
			p.t.Fatalf("%q is %v\nin %s", pointer, value, where())
		}
	}
	for name, pointer := range step.Save {
		value, found := lookUp(document, pointer)
		if !found {
			p.t.Fatalf("there is no %q to save\nin %s", pointer, where())
		}
		p.variables[name] = value
	}
}

func (f *failure) matches(err error) bool {
	if f.Websocket != "" {
		closed := (*hanami.WebsocketError)(nil)
		return errors.As(err, &closed) && strings.Contains(closed.Reason, f.Websocket)
	}
	refused := (*hanami.Error)(nil)
	return errors.As(err, &refused) &&
		refused.Status == f.Status &&
		(f.Code == "" || errors.Is(err, f.Code)) &&
		strings.Contains(refused.Detail, f.Detail)
}

// substitute puts in variables and paths of data.
func (p *player) substitute(value any) any {
	switch value := value.(type) {
	case string:
		if file, found := strings.CutPrefix(value, "$data/"); found {
			return filepath.Join(scenarioDirectory, "data", file)
		}
		if name, found := strings.CutPrefix(value, "$"); found {
			saved, known := p.variables[name]
			if !known {
				p.t.Fatalf("the variable %q is not set", name)
			}
			return saved
		}
	case map[string]any:
		changed := map[string]any{}
		for key, element := range value {
			changed[key] = p.substitute(element)
		}
		return changed
	case []any:
		changed := make([]any, len(value))
		for i, element := range value {
			changed[i] = p.substitute(element)
		}
		return changed
	}
	return value
}

func toJSON(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// startServer returns the address of a server that ends with the test.
func startServer(t *testing.T, environment map[string]string) string {
	t.Helper()
	server, err := testserver.Start(environment)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server.Address
}

// call is one call of a scenario and its arguments.
type call struct {
	*player
	name   string
	client *hanami.Client
	with   map[string]any
}

func (c *call) text(name string) string {
	text, _ := c.with[name].(string)
	return text
}

func (c *call) number(name string) float64 {
	number, _ := c.with[name].(float64)
	return number
}

func (c *call) flag(name string) bool {
	flag, _ := c.with[name].(bool)
	return flag
}

func (c *call) bricks(name string) hanami.Bricks {
	given, _ := c.with[name].(map[string]any)
	bricks := hanami.Bricks{}
	for brick, list := range given {
		values := []float32{}
		for _, value := range list.([]any) {
			values = append(values, float32(value.(float64)))
		}
		bricks[brick] = values
	}
	return bricks
}

func (c *call) line() *hanami.Direct {
	line, open := c.lines[c.text("line")]
	if !open {
		c.t.Fatalf("the line %q is not open", c.text("line"))
	}
	return line
}

type perform func(context.Context, *call) (any, error)
