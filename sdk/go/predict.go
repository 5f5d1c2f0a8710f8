package hanami

import (
	"context"
	"net/http"
)

// Predict asks a cluster for one sample over HTTP, in either mode and while a task runs: what each output
// brick answers. Many samples one by one go faster over [Client.Direct].
//
// An input that is NaN, or a brick that is left out, counts as nothing; one brick has to be there. Values
// that do not fit are [ErrInvalidBody], an empty cluster is [ErrConflict].
func (c *Client) Predict(
	ctx context.Context, cluster ClusterUUID, inputs Bricks,
) (Bricks, error) {
	return predict[Bricks](ctx, c, cluster, inputs)
}

// PredictMany is [Client.Predict] for a list of samples.
func (c *Client) PredictMany(
	ctx context.Context, cluster ClusterUUID, inputs Samples,
) (Samples, error) {
	return predict[Samples](ctx, c, cluster, inputs)
}

// Learn teaches a cluster one sample over HTTP, in either mode and while a task runs, and returns the
// training steps that its network has taken by then, all of them durable. An output that is NaN, or a brick
// that is left out, is not corrected. Otherwise it works as [Client.Predict] does.
func (c *Client) Learn(
	ctx context.Context, cluster ClusterUUID, inputs, outputs Bricks,
) (steps int64, err error) {
	return learn(ctx, c, cluster, inputs, outputs)
}

// LearnMany is [Client.Learn] for a list of samples, in their order. When the network is replaced meanwhile
// by a [Client.Load], it is [ErrUnavailable], or [ErrStorageFull] on a full disk, and a part of the list may have been learned.
func (c *Client) LearnMany(
	ctx context.Context, cluster ClusterUUID, inputs, outputs Samples,
) (steps int64, err error) {
	return learn(ctx, c, cluster, inputs, outputs)
}

func predict[T Bricks | Samples](
	ctx context.Context, c *Client, cluster ClusterUUID, inputs T,
) (T, error) {
	body := map[string]any{"uuid": cluster, "inputs": inputs}
	predicted, err := post[struct {
		Outputs T `json:"outputs"`
	}](ctx, c, "/cluster/predict", body)
	return predicted.Outputs, err
}

func learn[T Bricks | Samples](
	ctx context.Context, c *Client, cluster ClusterUUID, inputs, outputs T,
) (int64, error) {
	body := map[string]any{"uuid": cluster, "inputs": inputs, "outputs": outputs}
	request, err := c.request(http.MethodPost, "/cluster/learn", nil, body)
	if err != nil {
		return 0, err
	}
	request.inParts = true
	learned, err := send[struct {
		Steps int64 `json:"steps"`
	}](ctx, c, request)
	return learned.Steps, err
}
