/** What a picture of bricks says. */

const many = (count: number, one: string, more: string): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

export const bricks = {
  kinds: { input: "input", inner: "inner", output: "output" },
  view: "View of the picture",
  label: "3-D picture of the bricks",
  describe: (inputs: number, inner: number, outputs: number): string =>
    `${many(inputs + inner + outputs, "brick", "bricks")}: ${many(inputs, "input", "inputs")}, ` +
    `${inner} inner, ${many(outputs, "output", "outputs")}. ` +
    "The arrow keys turn the picture, plus and minus zoom, 0 shows it as at first. A table tells the same.",
  empty: "No bricks to show yet.",
  loading: "Loading the picture …",
  noWebgl:
    "This browser can't draw the 3-D picture: WebGL is missing or turned off. The table shows the same.",
  failed: "The 3-D picture could not be loaded. The table shows the same.",
  turnLeft: "Turn left",
  turnRight: "Turn right",
  tiltUp: "See more from above",
  tiltDown: "See more from the side",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  reset: "As at first",
  showTable: "Show as a table",
  legend: "What the picture shows",
  filled: "How full: neurons, in powers of ten",
  hears: "Arrow: who listens to whom",
  activity: "Activity",
  idle: "none",
  busy: "highest",
  neurons: (count: number): string => many(count, "neuron", "neurons"),
  values: (count: number): string => many(count, "value", "values"),
  table: {
    caption: "The bricks",
    brick: "Brick",
    kind: "Kind",
    position: "Position",
    neurons: "Neurons",
    hears: "Listens to",
    activity: "Activity",
    nobody: "–",
    inner: (position: string): string => `inner ${position}`,
    percent: (share: number): string => `${Math.round(share * 100)} %`,
  },
};
