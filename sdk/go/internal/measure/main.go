// Command measure is the Go SDK's part of `cargo xtask measure-sdks`, which says what is measured and how.
//
// With the argument import-only, it ends at once.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"slices"
	"time"

	"hanami.local/sdk/hanami"
)

const template = `version: 1
bricks:
    1,1,1
        input: pixels
        number_of_neurons: 784
    2,1,1
        number_of_neurons: 400
    3,1,1
        output: digit
        number_of_neurons: 10
`

const (
	warmUp    = 200
	requested = 5000
	uploads   = 3
	mib       = 1024 * 1024
)

type figures struct {
	SDK    string  `json:"sdk"`
	P50    float64 `json:"direct_request_p50_us"`
	P99    float64 `json:"direct_request_p99_us"`
	Upload float64 `json:"upload_mib_per_second"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "import-only" {
		return
	}
	if err := measure(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func measure(ctx context.Context) error {
	client, err := hanami.Connect(
		ctx, os.Getenv("HANAMI_ADDRESS"), os.Getenv("HANAMI_USER"), os.Getenv("HANAMI_PW"))
	if err != nil {
		return err
	}
	defer client.Close()
	times, err := requests(ctx, client)
	if err != nil {
		return err
	}
	speed, err := uploadSpeed(ctx, client)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(figures{
		SDK:    "go",
		P50:    times[requested/2].Seconds() * 1e6,
		P99:    times[requested*99/100].Seconds() * 1e6,
		Upload: speed,
	})
}

// requests is how long each of the requests took, shortest first.
func requests(ctx context.Context, client *hanami.Client) ([]time.Duration, error) {
	cluster, err := client.CreateCluster(
		ctx, hanami.NewCluster{Name: "measured by go", Template: template})
	if err != nil {
		return nil, err
	}
	if _, err := client.SetMode(ctx, cluster.UUID, hanami.DirectMode); err != nil {
		return nil, err
	}
	direct, err := client.Direct(ctx, cluster.UUID)
	if err != nil {
		return nil, err
	}
	defer direct.Close()
	image := make(hanami.Values, 784)
	for pixel := range image {
		image[pixel] = float32(pixel % 256)
	}
	times := make([]time.Duration, 0, requested)
	for request := range warmUp + requested {
		start := time.Now()
		if _, err := direct.Request(ctx, hanami.Bricks{"pixels": image}); err != nil {
			return nil, err
		}
		if request >= warmUp {
			times = append(times, time.Since(start))
		}
	}
	slices.Sort(times)
	return times, client.DeleteCluster(ctx, cluster.UUID)
}

// uploadSpeed is MiB per second, the median of some uploads.
func uploadSpeed(ctx context.Context, client *hanami.Client) (float64, error) {
	images, labels := os.Getenv("HANAMI_IMAGES"), os.Getenv("HANAMI_LABELS")
	size := int64(0)
	for _, path := range []string{images, labels} {
		info, err := os.Stat(path)
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	var times []time.Duration
	for range uploads {
		start := time.Now()
		dataset, err := client.UploadMNIST(
			ctx, "measured by go", hanami.File(images), hanami.File(labels))
		if err != nil {
			return 0, err
		}
		times = append(times, time.Since(start))
		if err := client.DeleteDataset(ctx, dataset); err != nil {
			return 0, err
		}
	}
	slices.Sort(times)
	return float64(size) / mib / times[uploads/2].Seconds(), nil
}
