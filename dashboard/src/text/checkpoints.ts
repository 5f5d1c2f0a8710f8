export const checkpoints = {
  heading: "Checkpoints",
  empty: { heading: "No checkpoints yet", words: "Save a cluster to keep its network as it is now." },
};
