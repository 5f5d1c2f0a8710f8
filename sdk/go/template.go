package hanami

import "context"

// TemplateCheck is what a template comes to.
type TemplateCheck struct {
	// Valid is whether a cluster can be made of it.
	Valid bool `json:"valid"`
	// Error is the first mistake; nil for a valid template.
	Error *TemplateMistake `json:"error"`
	// Bricks are those of a valid template, in the order of its text.
	Bricks []TemplateBrick `json:"bricks"`
	// Settings are those of a valid template, with the defaults of what it leaves out.
	Settings *TemplateSettings `json:"settings"`
}

// TemplateMistake is a mistake in a template, and where it stands.
type TemplateMistake struct {
	// Message shows the mistake, its line, and a caret below the place.
	Message string `json:"message"`
	// Line is the number of the line, from 1.
	Line int `json:"line"`
	// Column is the first character of the line that is wrong, from 1.
	Column int `json:"column"`
	// Length is how many characters are wrong.
	Length int `json:"length"`
	// Help says in one sentence what is wrong and how to mend it.
	Help string `json:"help"`
}

// TemplateBrick is a brick of a template.
type TemplateBrick struct {
	// X, Y and Z are where it lies in the grid.
	X int `json:"x"`
	Y int `json:"y"`
	Z int `json:"z"`
	// Kind is what it is for.
	Kind BrickKind `json:"kind"`
	// Name is that of an input or output brick; empty for an inner one.
	Name string `json:"name"`
	// Neurons is the number of its values, or of neurons that an inner brick may have.
	Neurons int64 `json:"neurons"`
	// Hears has the indices of the bricks whose signals reach it.
	Hears []int `json:"hears"`
}

// TemplateSettings is what a template says of all its bricks.
type TemplateSettings struct {
	// NeuronCooldown divides the potential that a neuron keeps from step to step.
	NeuronCooldown float64 `json:"neuron_cooldown"`
	// RefractoryTime is the number of steps before a neuron can take input again.
	RefractoryTime uint32 `json:"refractory_time"`
	// MaxConnectionDistance is how many bricks away a synapse may reach.
	MaxConnectionDistance uint32 `json:"max_connection_distance"`
	// EnableReduction is whether synapses that are hardly used are deleted.
	EnableReduction bool `json:"enable_reduction"`
	// Experience is how many samples are kept to rehearse them.
	Experience uint32 `json:"experience"`
	// Seed is that of every random choice.
	Seed uint64 `json:"seed"`
}

// CheckTemplate tells what the text of a template comes to, without making a cluster of it. A mistake in it
// is no error, but part of the answer.
func (c *Client) CheckTemplate(ctx context.Context, template string) (TemplateCheck, error) {
	// encoding/json writes bytes as base64, which is how a template travels.
	return post[TemplateCheck](ctx, c, "/template/check", struct {
		Template []byte `json:"template"`
	}{[]byte(template)})
}
