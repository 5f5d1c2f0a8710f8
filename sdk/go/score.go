package hanami

import "context"

// Score is how good the answers in a request result are.
type Score struct {
	// Accuracy is the share of right answers in percent, 0 to 100.
	Accuracy float64 `json:"accuracy"`
	// Samples is the number of answers.
	Samples int64 `json:"samples"`
	// Invalid is the number of answers that are no finite number or, for classes, no class of the dataset.
	// They count as wrong.
	Invalid int64 `json:"invalid"`
	// Confusion is, for classes, the number of answers by right class (row) and class answered (column), in
	// the order of Classes.
	Confusion [][]int64 `json:"confusion,omitempty"`
	// Classes is how good the answers are for each class.
	Classes []ClassScore `json:"classes,omitempty"`
	// MAE is, for numbers, the mean absolute error of the valid answers.
	MAE *float64 `json:"mae,omitempty"`
	// RMSE is, for numbers, the root of the mean squared error of the valid answers.
	RMSE *float64 `json:"rmse,omitempty"`
	// R2 is, for numbers, the coefficient of determination: 1 is perfect, 0 as good as to always answer the
	// mean. Nil if the right numbers are all the same.
	R2 *float64 `json:"r2,omitempty"`
}

// ClassScore is how good the answers are for one class.
type ClassScore struct {
	// Class is its name.
	Class string `json:"class"`
	// Precision is the share of the answers of this class that are right, 0 to 1; nil if there are none.
	Precision *float64 `json:"precision"`
	// Recall is the share of the samples of this class that are answered right, 0 to 1; nil if there are
	// none.
	Recall *float64 `json:"recall"`
	// F1 is the harmonic mean of precision and recall; nil if neither is known.
	F1 *float64 `json:"f1"`
	// Support is the number of samples of this class.
	Support int64 `json:"support"`
}

// Check compares a request result with the right answers in a dataset. One that can't judge the other is
// [ErrDatasetMismatch].
func (c *Client) Check(
	ctx context.Context, result ResultUUID, dataset DatasetUUID,
) (Score, error) {
	body := map[string]any{"result_uuid": result, "dataset_uuid": dataset}
	return post[Score](ctx, c, "/dataset/check", body)
}
