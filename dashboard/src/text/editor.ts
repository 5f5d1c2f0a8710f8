/** What the template editor says. */

interface Key {
  /** What it is for. */
  readonly use: string;
  /** What its values look like; a key without it opens a block. */
  readonly value?: string;
}

const template: Record<string, Key> = {
  version: { use: "Version of the template language. There is only 1.", value: "1" },
  settings: { use: "How all bricks behave. The block and each of its entries may be left out." },
  bricks: { use: "The bricks: their places in the hexagonal grid, and below each what it is." },
};

const settings: Record<string, Key> = {
  neuron_cooldown: {
    use: "Divides the potential that a neuron keeps from step to step. At the default practically nothing is kept; small values make neurons remember.",
    value: "at least 1, default 100000000000.0",
  },
  refractory_time: {
    use: "Steps before a neuron that was active can take input again.",
    value: "at least 1, default 1",
  },
  max_connection_distance: {
    use: "How many bricks away a synapse may reach. 2 lets bricks listen past their neighbours.",
    value: "at least 1, default 1",
  },
  enable_reduction: {
    use: "Whether synapses that are hardly used are deleted, which saves memory.",
    value: "true or false, default false",
  },
  experience: {
    use: "How many of the samples that taught something are kept to rehearse them. Better results, but copies of the data lie in the cluster; 0 keeps none.",
    value: "0 to 1000000, default 4000",
  },
  inner_learning_rate: {
    use: "Multiplies the learning rate into inner bricks.",
    value: "0.01 to 100, default 1",
  },
  output_learning_rate: {
    use: "Multiplies the learning rate into output bricks.",
    value: "0.01 to 100, default 1",
  },
  error_threshold: {
    use: "A sample of classes is not learned if no output is further from its target than this.",
    value: "0 to 1, default 0.2",
  },
  averaging_window: {
    use: "The weights that predict average over no more training steps than this.",
    value: "1 to 1000000000, default 40000",
  },
  growth_patience: {
    use: "An inner brick opens its next 64 neurons after so many wrong samples for each 64 that are open.",
    value: "1 to 1000000, default 15",
  },
  seed: {
    use: "Seed of every random choice: the same seed and samples give the same network.",
    value: "whole number, default 1",
  },
};

const brick: Record<string, Key> = {
  input: { use: "Makes it an input brick: it takes values from outside, under this name.", value: "a name" },
  output: {
    use: "Makes it an output brick: it gives values to the outside, under this name.",
    value: "a name",
  },
  kind: {
    use: "What the values of an output brick are: chances of classes, or numbers of any size. Left out, the data tell.",
    value: "class or value",
  },
  number_of_neurons: {
    use: "Of an input or output brick: the number of its values. Of an inner brick: the most neurons it may grow.",
    value: "1 to 65536",
  },
};

export const editor = {
  label: "Template",
  hint: "Ctrl+Space proposes what may stand here. Tab leaves the editor; Ctrl+] and Ctrl+[ move a line in and out.",
  hintMac:
    "Ctrl+Space proposes what may stand here. Tab leaves the editor; ⌘+] and ⌘+[ move a line in and out.",
  loading: "Loading the editor …",
  plain: "The editor could not be loaded; a plain one takes its place.",
  checking: "Checking …",
  mistake: "Mistake in the template",
  valid: (bricks: number): string => `Valid: ${bricks} ${bricks === 1 ? "brick" : "bricks"}.`,
  invalid: (line: number, help: string): string => `Line ${line}: ${help}.`,
  stale: "The picture shows the last valid template.",
  nothing: "Write a template, or begin with one of those above.",
  keys: { template, settings, brick },
  newBricks: {
    input: { label: "input brick", use: "A brick that takes values from outside." },
    inner: { label: "inner brick", use: "A brick between inputs and outputs." },
    output: { label: "output brick", use: "A brick that gives values to the outside." },
  },
};
