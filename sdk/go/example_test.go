package hanami_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"testing"

	"hanami.local/sdk/hanami"
	"hanami.local/sdk/hanami/internal/testserver"
)

// What the examples begin with: a server of their own, and who logs in.
var (
	server   string
	password = testserver.Password
	ctx      = context.Background()
)

func TestMain(m *testing.M) {
	running, err := testserver.Start(nil)
	if err != nil {
		log.Fatal(err)
	}
	server = running.Address
	code := m.Run()
	if err := running.Stop(); err != nil {
		log.Print(err)
		code = 1
	}
	os.Exit(code)
}

func Example() {
	client, err := hanami.Connect(ctx, server, "admin", password)
	if err != nil {
		log.Fatal(err)
	}
	template, err := os.ReadFile("../scenarios/data/digits.template")
	if err != nil {
		log.Fatal(err)
	}
	cluster, err := client.CreateCluster(ctx, hanami.NewCluster{
		Name: "digits", Template: string(template),
	})
	if err != nil {
		log.Fatal(err)
	}
	images := hanami.File("../scenarios/data/train-images.idx")
	labels := hanami.File("../scenarios/data/train-labels.idx")
	dataset, err := client.UploadMNIST(ctx, "handwriting", images, labels)
	if err != nil {
		log.Fatal(err)
	}
	task, err := client.CreateTask(ctx, hanami.NewTask{
		Name: "learn", Type: hanami.Train, Cluster: cluster.UUID, Dataset: dataset,
	})
	if err != nil {
		log.Fatal(err)
	}
	progress, err := client.Wait(ctx, cluster.UUID, task.UUID, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(progress.State, progress.Samples)
	// Output: finished 300
}

func ExampleConnect() {
	client, err := hanami.Connect(ctx, server, "admin", password)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	who, err := client.Identity(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(who.Name, who.ProjectID)
	// Output: Admin admin
}

func ExampleError() {
	client, err := hanami.Connect(ctx, server, "admin", password)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Project(ctx, "garden")
	if errors.Is(err, hanami.ErrNotFound) {
		fmt.Println("there is no garden yet")
	}
	if refused := (*hanami.Error)(nil); errors.As(err, &refused) {
		fmt.Println(refused.Status, refused.Code, refused.RequestID != "")
	}
	// Output:
	// there is no garden yet
	// 404 not-found true
}

func ExampleClient_Direct() {
	client, err := hanami.Connect(ctx, server, "admin", password)
	if err != nil {
		log.Fatal(err)
	}
	template, err := os.ReadFile("../scenarios/data/xor.template")
	if err != nil {
		log.Fatal(err)
	}
	cluster, err := client.CreateCluster(ctx, hanami.NewCluster{
		Name: "either or", Template: string(template),
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.SetMode(ctx, cluster.UUID, hanami.DirectMode); err != nil {
		log.Fatal(err)
	}
	direct, err := client.Direct(ctx, cluster.UUID)
	if err != nil {
		log.Fatal(err)
	}
	defer direct.Close()
	for range 100 {
		for _, pair := range [][2]float32{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
			differ := pair[0] + pair[1] - 2*pair[0]*pair[1]
			err := direct.Train(ctx,
				hanami.Bricks{"numbers": pair[:]}, hanami.Bricks{"differ": {differ}})
			if err != nil {
				log.Fatal(err)
			}
		}
	}
	outputs, err := direct.Request(ctx, hanami.Bricks{"numbers": {0, 1}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("they differ:", outputs[0] > 0.5)
	// Output: they differ: true
}

func ExampleClient_UploadCSV() {
	client, err := hanami.Connect(ctx, server, "admin", password)
	if err != nil {
		log.Fatal(err)
	}
	table := hanami.Bytes([]byte("voltage,alarm\n0.1,false\n0.9,true\n"))
	dataset, err := client.UploadCSV(ctx, "alarms", table,
		hanami.WithProgress(func(sent, total int64) { fmt.Println(sent, "of", total) }))
	if err != nil {
		log.Fatal(err)
	}
	details, err := client.Dataset(ctx, dataset)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(details.Name, details.Lines)
	// Output:
	// 33 of 33
	// alarms 2
}

func ExampleClient_AuditLog() {
	client, err := hanami.Connect(ctx, server, "admin", password)
	if err != nil {
		log.Fatal(err)
	}
	for entry, err := range client.AuditLog(ctx, "admin") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(entry.RequestType, entry.Endpoint)
		break
	}
	// Output: POST v1/token
}

func ExampleClient_InProject() {
	client, err := hanami.Connect(ctx, server, "admin", password)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.CreateProject(ctx, "orchard", "The orchard"); err != nil {
		log.Fatal(err)
	}
	_, err = client.AssignProject(ctx, "admin", hanami.Membership{
		ProjectID: "orchard", Role: "admin", IsProjectAdmin: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	// A changed membership ends tokens; the client gets itself a new one.
	inOrchard, err := client.InProject(ctx, "orchard")
	if err != nil {
		log.Fatal(err)
	}
	who, err := inOrchard.Identity(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(who.ProjectID)
	// Output: orchard
}

func ExampleClient_Predict() {
	client, err := hanami.Connect(ctx, server, "admin", password)
	if err != nil {
		log.Fatal(err)
	}
	template, err := os.ReadFile("../scenarios/data/xor.template")
	if err != nil {
		log.Fatal(err)
	}
	cluster, err := client.CreateCluster(ctx, hanami.NewCluster{
		Name: "over HTTP", Template: string(template),
	})
	if err != nil {
		log.Fatal(err)
	}
	pairs := hanami.Samples{"numbers": {{0, 0}, {0, 1}, {1, 0}, {1, 1}}}
	differ := hanami.Samples{"differ": {{0}, {1}, {1}, {0}}}
	for range 100 {
		if _, err := client.LearnMany(ctx, cluster.UUID, pairs, differ); err != nil {
			log.Fatal(err)
		}
	}
	outputs, err := client.Predict(ctx, cluster.UUID, hanami.Bricks{"numbers": {1, 1}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("they differ:", outputs["differ"][0] > 0.5)
	// Output: they differ: false
}

func ExampleClient_Watch() {
	client, err := hanami.Connect(ctx, server, "admin", password)
	if err != nil {
		log.Fatal(err)
	}
	template, err := os.ReadFile("../scenarios/data/waves.template")
	if err != nil {
		log.Fatal(err)
	}
	cluster, err := client.CreateCluster(ctx, hanami.NewCluster{
		Name: "series", Template: string(template),
	})
	if err != nil {
		log.Fatal(err)
	}
	dataset, err := client.UploadCSV(ctx, "waves", hanami.File("../scenarios/data/waves.csv"))
	if err != nil {
		log.Fatal(err)
	}
	task, err := client.CreateTask(ctx, hanami.NewTask{
		Name: "ten rounds", Type: hanami.Train, Cluster: cluster.UUID, Dataset: dataset,
		Epochs: 10, Shuffle: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	last := hanami.Progress{}
	for progress, err := range client.Watch(ctx, cluster.UUID, task.UUID) {
		if err != nil {
			log.Fatal(err)
		}
		last = progress
	}
	fmt.Println(last.State, "in epoch", last.Epoch)
	// Output: finished in epoch 10
}
