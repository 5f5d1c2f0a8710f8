export const playground = {
  heading: "Playground",
  empty: { heading: "Nothing to play with yet", words: "Train the cluster first." },
};
