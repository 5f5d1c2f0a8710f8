package hanami

import "context"

// Explanation is where one value of an answer comes from. All contributions and the rest make up the sum,
// but for rounding.
type Explanation struct {
	// Answer is what a prediction gives.
	Answer float32 `json:"answer"`
	// Sum is what the answer was made of: for a chance it is 1 / (1 + exp(-Sum)), for a number the sum counts
	// deviations from the mean.
	Sum float32 `json:"sum"`
	// Rest is the part of the sum that comes from no input.
	Rest float32 `json:"rest"`
	// Contributions has for each input brick what each of its values added to the sum.
	Contributions Bricks `json:"contributions"`
}

// Explain tells what each input of one sample contributed to the value index, from 0, of what an output
// brick answers. An empty output stands for the only one that there is. It is an exact account of what was
// computed; not what would be answered to other inputs, and not what causes what. Otherwise it works as
// [Client.Predict] does.
func (c *Client) Explain(
	ctx context.Context, cluster ClusterUUID, inputs Bricks, output string, index int,
) (Explanation, error) {
	return post[Explanation](ctx, c, "/cluster/explain", struct {
		UUID   ClusterUUID `json:"uuid"`
		Inputs Bricks      `json:"inputs"`
		Output string      `json:"output,omitempty"`
		Index  int         `json:"index"`
	}{cluster, inputs, output, index})
}
