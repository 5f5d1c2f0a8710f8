package hanami_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"hanami.local/sdk/hanami"
	"hanami.local/sdk/hanami/internal/testserver"
)

func TestSamplesTravelOverHTTP(t *testing.T) {
	client := connectToServer(t)
	cluster := createCluster(t, client, "either or", "xor.template")
	steps, err := client.Learn(t.Context(), cluster,
		hanami.Bricks{"numbers": {0, 1}}, hanami.Bricks{"differ": {1}})
	if err != nil || steps != 1 {
		t.Errorf("%d steps, %v", steps, err)
	}
	nan := float32(math.NaN())
	inputs := hanami.Samples{"numbers": {{0, 0}, {0, 1}, {nan, 0}, {1, 1}}}
	for range 50 {
		steps, err = client.LearnMany(t.Context(), cluster, inputs,
			hanami.Samples{"differ": {{0}, {1}, {nan}, {0}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if steps != 201 {
		t.Errorf("there were %d steps", steps)
	}
	one, err := client.Predict(t.Context(), cluster, hanami.Bricks{"numbers": {0, 1}})
	if err != nil || len(one["differ"]) != 1 || one["differ"][0] < 0.5 {
		t.Errorf("%v, %v", one, err)
	}
	many, err := client.PredictMany(t.Context(), cluster, inputs)
	if err != nil || len(many["differ"]) != 4 || many["differ"][1][0] != one["differ"][0] {
		t.Errorf("%v, %v", many, err)
	}
	_, err = client.Predict(t.Context(), cluster, hanami.Bricks{"numbers": {0}})
	if !errors.Is(err, hanami.ErrInvalidBody) {
		t.Errorf("too few values: %v", err)
	}
	infinite := hanami.Bricks{"numbers": {float32(math.Inf(1)), 0}}
	if _, err := client.Predict(t.Context(), cluster, infinite); err == nil {
		t.Error("an infinite value was sent")
	}
}

func TestAnswersAreExplained(t *testing.T) {
	client := connectToServer(t)
	cluster := createCluster(t, client, "either or", "xor.template")
	for range 50 {
		_, err := client.LearnMany(t.Context(), cluster,
			hanami.Samples{"numbers": {{0, 0}, {0, 1}, {1, 0}, {1, 1}}},
			hanami.Samples{"differ": {{0}, {1}, {1}, {0}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	inputs := hanami.Bricks{"numbers": {1, 0}}
	told, err := client.Explain(t.Context(), cluster, inputs, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	predicted, err := client.Predict(t.Context(), cluster, inputs)
	if err != nil || told.Answer != predicted["differ"][0] {
		t.Errorf("%+v, %v, %v", told, predicted, err)
	}
	parts := told.Contributions["numbers"]
	if len(parts) != 2 || parts[0] == 0 || parts[1] != 0 ||
		math.Abs(float64(parts[0]+told.Rest-told.Sum)) > 1e-4 {
		t.Errorf("%+v", told)
	}
	_, err = client.Explain(t.Context(), cluster, inputs, "numbers", 0)
	if !errors.Is(err, hanami.ErrInvalidBody) {
		t.Errorf("an input as output: %v", err)
	}
	details, err := client.Cluster(t.Context(), cluster)
	if err != nil || details.Bricks[0].Activity == nil ||
		math.Abs(*details.Bricks[0].Activity-0.5) > 1e-6 ||
		details.Bricks[0].Error != nil {
		t.Errorf("%+v, %v", details, err)
	}
}

func TestTemplatesAreChecked(t *testing.T) {
	client := connectToServer(t)
	template := "version: 1\nbricks:\n    1,1,1\n        input: a\n        number_of_neurons: 2\n" +
		"    2,1,1\n        output: b\n        number_of_neurons: 1\n"
	checked, err := client.CheckTemplate(t.Context(), template)
	if err != nil || !checked.Valid || checked.Error != nil || checked.Settings.Seed != 1 ||
		len(checked.Bricks) != 2 || len(checked.Bricks[1].Hears) != 1 || checked.Bricks[1].Hears[0] != 0 ||
		checked.Bricks[1].Kind != hanami.OutputBrick || checked.Bricks[1].Name != "b" {
		t.Errorf("%+v, %v", checked, err)
	}
	checked, err = client.CheckTemplate(t.Context(), strings.Replace(template, "2,1,1", "2,1", 1))
	if err != nil || checked.Valid || checked.Settings != nil || checked.Error == nil ||
		checked.Error.Line != 6 || checked.Error.Column != 5 || checked.Error.Length != 3 ||
		!strings.Contains(checked.Error.Message, "^^^") {
		t.Errorf("%+v, %v", checked, err)
	}
}

func TestCheckpointsTravelAsFiles(t *testing.T) {
	client := connectToServer(t)
	cluster := createCluster(t, client, "either or", "xor.template")
	saved, err := client.Save(t.Context(), "first", cluster)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Wait(t.Context(), cluster, saved.UUID, nil); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	size, err := client.DownloadCheckpoint(t.Context(), saved.Checkpoint(), &file)
	if err != nil || size != int64(file.Len()) || size == 0 {
		t.Fatalf("%d bytes, %v", size, err)
	}
	copied, err := client.UploadCheckpoint(t.Context(), "second", hanami.Bytes(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	made, err := client.CreateCluster(t.Context(), hanami.NewCluster{Name: "twin", Checkpoint: copied})
	if err != nil {
		t.Fatal(err)
	}
	details, err := client.Cluster(t.Context(), made.UUID)
	if err != nil || !strings.Contains(details.Template, "numbers") || len(details.Bricks) < 2 ||
		details.Bricks[0].Kind != hanami.InputBrick || details.Host == "" || details.Created.IsZero() ||
		!details.LastUsed.IsZero() {
		t.Errorf("%+v, %v", details, err)
	}
	damaged := file.Bytes()
	damaged[len(damaged)/2] ^= 1
	_, err = client.UploadCheckpoint(t.Context(), "third", hanami.Bytes(damaged))
	if !errors.Is(err, hanami.ErrInvalidCheckpoint) {
		t.Errorf("a damaged file: %v", err)
	}
	if _, err := client.UploadCheckpoint(t.Context(), "nothing", hanami.Bytes(nil)); err == nil {
		t.Error("an empty file was taken")
	}
	full := errors.New("the disk is full")
	_, err = client.DownloadCheckpoint(t.Context(), copied, failingWriter{full})
	if broken := (*hanami.ConnectionError)(nil); !errors.Is(err, full) || errors.As(err, &broken) {
		t.Errorf("a full disk: %v", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestNamesAndVisibilityChange(t *testing.T) {
	client := connectToServer(t)
	cluster := createCluster(t, client, "either or", "xor.template")
	changed, err := client.ChangeCluster(t.Context(), cluster, hanami.Change{Name: "other"})
	if err != nil || changed.Name != "other" || changed.Visibility != hanami.Private {
		t.Errorf("%+v, %v", changed, err)
	}
	dataset, err := client.UploadCSV(t.Context(), "numbers", hanami.Bytes([]byte("a,b\n1,2\n")))
	if err != nil {
		t.Fatal(err)
	}
	seen, err := client.ChangeDataset(t.Context(), dataset, hanami.Change{Visibility: hanami.Shared})
	if err != nil || seen.Name != "numbers" || seen.Visibility != hanami.Shared {
		t.Errorf("%+v, %v", seen, err)
	}
	change := hanami.Change{Name: "none", Visibility: hanami.Public}
	none := "00000000-0000-4000-8000-000000000000"
	_, err = client.ChangeCheckpoint(t.Context(), hanami.CheckpointUUID(none), change)
	if !errors.Is(err, hanami.ErrNotFound) {
		t.Errorf("no checkpoint: %v", err)
	}
	_, err = client.ChangeRequestResult(t.Context(), hanami.ResultUUID(none), change)
	if !errors.Is(err, hanami.ErrNotFound) {
		t.Errorf("no request result: %v", err)
	}
}

func TestProjectsHaveLimits(t *testing.T) {
	client := connectToServer(t)
	one := int64(1)
	quota, err := client.SetQuota(t.Context(), "admin", hanami.Limits{Clusters: &one})
	if err != nil || quota.Clusters.Limit != 1 || quota.OpenTasks.Limit == 0 {
		t.Errorf("%+v, %v", quota, err)
	}
	createCluster(t, client, "either or", "xor.template")
	_, err = client.CreateCluster(t.Context(), hanami.NewCluster{Name: "too many"})
	if !errors.Is(err, hanami.ErrQuotaExceeded) {
		t.Errorf("beyond the limit: %v", err)
	}
	mine, err := client.MyQuota(t.Context())
	theirs, err2 := client.Quota(t.Context(), "admin")
	if err != nil || err2 != nil || mine != theirs || mine.Clusters.Used != 1 {
		t.Errorf("%+v, %v and %+v, %v", mine, err, theirs, err2)
	}
}

func TestUsersChange(t *testing.T) {
	admin := connectToServer(t)
	ctx := t.Context()
	const old, changed = "planted in spring", "harvested in autumn"
	_, err := admin.CreateUser(ctx, hanami.NewUser{ID: "anna", Name: "Anna Green", Password: old})
	if err != nil {
		t.Fatal(err)
	}
	for _, project := range []string{"garden", "orchard"} {
		if _, err := admin.CreateProject(ctx, project, "A project"); err != nil {
			t.Fatal(err)
		}
		member := hanami.Membership{ProjectID: project, Role: "member"}
		if _, err := admin.AssignProject(ctx, "anna", member); err != nil {
			t.Fatal(err)
		}
	}
	anna, err := hanami.Connect(ctx, address(admin), "anna", old)
	if err != nil {
		t.Fatal(err)
	}
	orchard, err := anna.InProject(ctx, "orchard")
	if err != nil {
		t.Fatal(err)
	}
	if err := anna.ChangePassword(ctx, "a wrong one", changed); !errors.Is(err, hanami.ErrWrongCredentials) {
		t.Errorf("a wrong password: %v", err)
	}
	if err := anna.ChangePassword(ctx, old, changed); err != nil {
		t.Fatal(err)
	}
	for _, client := range []*hanami.Client{anna, orchard} {
		if _, err := client.CreateCluster(ctx, hanami.NewCluster{Name: "some"}); err != nil {
			t.Errorf("after the change: %v", err)
		}
	}
	user, err := admin.ChangeUser(ctx, "anna", hanami.UserChange{Name: "Anna Bell"})
	if err != nil || user.Name != "Anna Bell" || user.IsAdmin {
		t.Errorf("%+v, %v", user, err)
	}
	if err := admin.DeleteUser(ctx, "anna"); !errors.Is(err, hanami.ErrConflict) {
		t.Errorf("deleting who owns clusters: %v", err)
	}
	if err := admin.DeleteUser(ctx, "anna", hanami.WithEverything()); err != nil {
		t.Error(err)
	}
	if err := admin.DeleteProject(ctx, "garden", hanami.WithEverything()); err != nil {
		t.Error(err)
	}
}

// address is that of the server of a client.
func address(client *hanami.Client) string {
	return strings.TrimSuffix(strings.TrimPrefix(client.String(), "hanami.Client("), ")")
}

func TestServersTellHowTheyAre(t *testing.T) {
	client := connectToServer(t)
	if err := client.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if metrics, err := client.Metrics(t.Context()); err != nil || !strings.Contains(metrics, "hanami_") {
		t.Errorf("%q, %v", metrics, err)
	}
	server := newFake(t)
	server.handle("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, 503, hanami.ErrUnavailable)
	})
	if err := server.connect(t).Ready(t.Context()); !errors.Is(err, hanami.ErrUnavailable) {
		t.Errorf("not ready: %v", err)
	}
}

func TestTasksTakeOptionsAndAreWatched(t *testing.T) {
	client := connectToServer(t)
	cluster := createCluster(t, client, "either or", "xor.template")
	table := &bytes.Buffer{}
	table.WriteString("a,b,unlike\n")
	for i := range 400 {
		a, b := i&1, i>>1&1
		fmt.Fprintf(table, "%d,%d,%d\n", a, b, a^b)
	}
	dataset, err := client.UploadCSV(t.Context(), "pairs", hanami.Bytes(table.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	mapping := hanami.RowMapping{
		Inputs:  map[string][]string{"numbers": {"a", "b"}},
		Outputs: map[string][]string{"differ": {"unlike"}},
	}
	newTask := hanami.NewTask{
		Name: "learn", Type: hanami.Train, Cluster: cluster, Dataset: dataset,
		Epochs: 3, Shuffle: true, Seed: math.MaxUint64, ValidationShare: 0.25, Mapping: mapping,
	}
	task, err := client.CreateTask(t.Context(), newTask)
	if err != nil {
		t.Fatal(err)
	}
	last := hanami.Progress{}
	for progress, err := range client.Watch(t.Context(), cluster, task.UUID) {
		if err != nil {
			t.Fatal(err)
		}
		last = progress
	}
	if last.State != hanami.Finished || last.Epoch != 3 || last.Samples != 900 ||
		last.TotalSamples != 900 || len(last.Validation) != 3 || last.RunningLoss == nil {
		t.Errorf("%+v", last)
	}
	newTask.Mapping = hanami.WindowMapping{
		Inputs: map[string]string{"numbers": "a"}, Outputs: map[string]string{"differ": "no such column"},
	}
	_, err = client.CreateTask(t.Context(), newTask)
	if !errors.Is(err, hanami.ErrDatasetMismatch) {
		t.Errorf("a mapping to nothing: %v", err)
	}
	for range client.Watch(t.Context(), cluster, task.UUID) {
		break
	}
	for _, err := range client.Watch(t.Context(), cluster, "00000000-0000-4000-8000-000000000000") {
		if !errors.Is(err, hanami.ErrNotFound) {
			t.Errorf("watching nothing: %v", err)
		}
	}
}

func TestWatchingGoesOnWhenConnectionsBreak(t *testing.T) {
	server := newFake(t)
	streams := []string{
		": hello\n\nevent: progress\ndata: {\"samples\":\ndata: 1}\n\nevent: pro",
		"event: progress\ndata: {\"samples\": 2}\n\nevent: news\ndata: 7\n\n",
		"event: problem\ndata: {\"status\": 404, \"code\": \"not-found\", \"detail\": \"it is gone\"}\n\n",
	}
	server.handleLoggedIn("GET /control/v1/task/events", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, streams[0])
		streams = streams[1:]
	})
	client := server.connect(t)
	server.expire()
	seen := []int64{}
	var end error
	for progress, err := range client.Watch(t.Context(), "some cluster", "some task") {
		if err != nil {
			end = err
			continue
		}
		seen = append(seen, progress.Samples)
	}
	if fmt.Sprint(seen) != "[1 2]" || !errors.Is(end, hanami.ErrNotFound) {
		t.Errorf("%v, %v", seen, end)
	}
}

func TestDirectConnectionsWorkOverTLS(t *testing.T) {
	certificate, key, roots := newCertificate(t)
	server := startServer(t, map[string]string{
		"HANAMI_TLS_CERTIFICATE": certificate, "HANAMI_TLS_KEY": key,
	})
	if !strings.HasPrefix(server, "https://") {
		t.Fatalf("the server listens on %s", server)
	}
	connect := func(options ...hanami.Option) (*hanami.Client, error) {
		return hanami.Connect(t.Context(), server, testserver.AdminID, testserver.Password, options...)
	}
	if _, err := connect(); err == nil {
		t.Error("an unknown certificate was taken")
	}
	client, err := connect(hanami.WithRootCAs(roots))
	if err != nil {
		t.Fatal(err)
	}
	direct := openDirect(t, client)
	outputs, err := direct.Request(t.Context(), hanami.Bricks{"numbers": {0, 1}})
	if err != nil || len(outputs) != 1 {
		t.Errorf("%v, %v", outputs, err)
	}
	if err := direct.Close(); err != nil {
		t.Error(err)
	}
}
