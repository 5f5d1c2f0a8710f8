package hanami_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hanami.local/sdk/hanami"
	"hanami.local/sdk/hanami/internal/testserver"
)

// connectToServer logs in to a server that ends with the test.
func connectToServer(t *testing.T) *hanami.Client {
	t.Helper()
	address := startServer(t, nil)
	client, err := hanami.Connect(t.Context(), address, testserver.AdminID, testserver.Password)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func createCluster(t *testing.T, client *hanami.Client, name, template string) hanami.ClusterUUID {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(scenarioDirectory, "data", template))
	if err != nil {
		t.Fatal(err)
	}
	made, err := client.CreateCluster(t.Context(), hanami.NewCluster{Name: name, Template: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return made.UUID
}

func openDirect(t *testing.T, client *hanami.Client) *hanami.Direct {
	t.Helper()
	cluster := createCluster(t, client, "either or", "xor.template")
	if _, err := client.SetMode(t.Context(), cluster, hanami.DirectMode); err != nil {
		t.Fatal(err)
	}
	direct, err := client.Direct(t.Context(), cluster)
	if err != nil {
		t.Fatal(err)
	}
	return direct
}

func TestDirectConnectionsAreShared(t *testing.T) {
	direct := openDirect(t, connectToServer(t))
	var users sync.WaitGroup
	for i := range 8 {
		users.Add(1)
		go func() {
			defer users.Done()
			inputs := hanami.Bricks{"numbers": {float32(i % 2), 1}}
			for range 20 {
				err := direct.Train(t.Context(), inputs, hanami.Bricks{"differ": {1}})
				if err != nil {
					t.Error(err)
				}
				outputs, err := direct.Request(t.Context(), inputs)
				if err != nil || len(outputs) != 1 {
					t.Errorf("%v, %v", outputs, err)
				}
			}
		}()
	}
	users.Wait()
	if err := direct.Close(); err != nil {
		t.Error(err)
	}
}

func TestDirectConnectionsEnd(t *testing.T) {
	client := connectToServer(t)
	direct := openDirect(t, client)
	if _, err := direct.Request(t.Context(), nil); err == nil {
		t.Error("a call without bricks was answered")
	}
	inputs := hanami.Bricks{"numbers": {0, 1}}
	if _, err := direct.Request(t.Context(), inputs); err != nil {
		t.Errorf("a call without bricks ended the connection: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := direct.Request(ended, inputs); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled call ended with %v", err)
	}
	if _, err := direct.Request(t.Context(), inputs); err == nil {
		t.Error("a connection that has ended was used")
	}
	if err := direct.Close(); err != nil {
		t.Errorf("closing what has ended: %v", err)
	}
}

func TestMistakesInDirectModeAreTold(t *testing.T) {
	client := connectToServer(t)
	direct := openDirect(t, client)
	// The server closes the connection while this is still being sent.
	_, err := direct.Request(t.Context(), hanami.Bricks{"numbers": make(hanami.Values, 3_000_000)})
	closed := (*hanami.WebsocketError)(nil)
	if !errors.As(err, &closed) || !strings.Contains(err.Error(), "too long") {
		t.Errorf("a frame that is too large: %v", err)
	}
	cluster := createCluster(t, client, "two hands", "two-inputs.template")
	if _, err := client.SetMode(t.Context(), cluster, hanami.DirectMode); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		direct, err := client.Direct(t.Context(), cluster)
		if err != nil {
			t.Fatal(err)
		}
		_, err = direct.Request(t.Context(), hanami.Bricks{"right": {1}, "up": {1}, "down": {1}})
		if !errors.As(err, &closed) || !strings.Contains(err.Error(), `no brick "down"`) {
			t.Errorf("bricks that are none: %v", err)
		}
	}
}

func TestWaitingTellsOfTheEnd(t *testing.T) {
	client := connectToServer(t)
	cluster := createCluster(t, client, "series", "waves.template")
	table := hanami.File(filepath.Join(scenarioDirectory, "data", "waves.csv"))
	dataset, err := client.UploadCSV(t.Context(), "waves", table)
	if err != nil {
		t.Fatal(err)
	}
	newTask := hanami.NewTask{Name: "learn", Type: hanami.Train, Cluster: cluster, Dataset: dataset}
	task, err := client.CreateTask(t.Context(), newTask)
	if err != nil {
		t.Fatal(err)
	}
	looks := []hanami.Progress{}
	watch := func(progress hanami.Progress) { looks = append(looks, progress) }
	end, err := client.Wait(t.Context(), cluster, task.UUID, watch)
	if err != nil || end.State != hanami.Finished || end.Done != 1 || end.Samples == 0 {
		t.Errorf("%+v, %v", end, err)
	}
	if len(looks) == 0 || looks[len(looks)-1].State != hanami.Finished {
		t.Errorf("seen were %+v", looks)
	}
	if end.Ended.IsZero() || time.Since(end.Ended.Time).Abs() > time.Minute {
		t.Errorf("it ended at %v", end.Ended)
	}
	if err := client.DeleteTask(t.Context(), cluster, task.UUID); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Wait(t.Context(), cluster, task.UUID, nil); !errors.Is(err, hanami.ErrNotFound) {
		t.Errorf("waiting for what is gone ended with %v", err)
	}
}

func TestACheckpointFillsAnEmptyCluster(t *testing.T) {
	client := connectToServer(t)
	cluster := createCluster(t, client, "series", "waves.template")
	empty, err := client.CreateCluster(t.Context(), hanami.NewCluster{Name: "empty"})
	if err != nil {
		t.Fatal(err)
	}
	saved, err := client.Save(t.Context(), "the series", cluster)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Wait(t.Context(), cluster, saved.UUID, nil); err != nil {
		t.Fatal(err)
	}
	load, err := client.Load(t.Context(), saved.Checkpoint(), empty.UUID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Wait(t.Context(), empty.UUID, load, nil); err != nil {
		t.Fatal(err)
	}
	details, err := client.Cluster(t.Context(), empty.UUID)
	if err != nil || details.Network == nil || details.Network.Neurons == 0 {
		t.Errorf("the cluster that was filled is %+v, %v", details, err)
	}
}

func TestTheMachineTellsOfItself(t *testing.T) {
	client := connectToServer(t)
	topology, err := client.SystemInfo(t.Context())
	if threads, known := topology.Threads.Get(); err != nil || known && threads < 1 {
		t.Errorf("%+v, %v", topology, err)
	}
	threads, err := client.Threads(t.Context())
	if list, known := threads.Get(); err != nil || known && (len(list) == 0 || list[0].Name == "") {
		t.Errorf("%v, %v", threads, err)
	}
	if speed, err := client.Speed(t.Context()); err != nil {
		t.Errorf("%v, %v", speed, err)
	}
	if power, err := client.Power(t.Context()); err != nil {
		t.Errorf("%v, %v", power, err)
	}
	if temperature, err := client.Temperature(t.Context()); err != nil {
		t.Errorf("%v, %v", temperature, err)
	}
}

func TestTokensOfOthersAreChecked(t *testing.T) {
	client := connectToServer(t)
	_, err := client.CheckToken(t.Context(), "not-a-token", "", 0)
	if !errors.Is(err, hanami.ErrInvalidToken) {
		t.Errorf("%v", err)
	}
	who, err := client.CheckToken(t.Context(), client.Token(), "v1/user", hanami.MethodDelete)
	if err != nil || who.ID != testserver.AdminID {
		t.Errorf("%v, %v", who, err)
	}
	_, err = client.CheckToken(t.Context(), client.Token(), "v1/no/such/thing", hanami.MethodGet)
	if refused := (*hanami.Error)(nil); !errors.As(err, &refused) {
		t.Errorf("an endpoint that is none ended with %v", err)
	}
}

func TestWaitingForATaskThatFailsTellsWhy(t *testing.T) {
	server := newFake(t)
	server.handle("GET /control/v1/task", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"state": "aborted", "error": "it does not fit"})
	})
	_, err := server.connect(t).Wait(t.Context(), "some cluster", "some task", nil)
	aborted := (*hanami.TaskAbortedError)(nil)
	if !errors.As(err, &aborted) || aborted.Task != "some task" ||
		!strings.Contains(err.Error(), "it does not fit") {
		t.Errorf("%v", err)
	}
}
