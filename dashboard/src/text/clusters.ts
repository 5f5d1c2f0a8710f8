export const clusters = {
  heading: "Clusters",
  empty: {
    heading: "No clusters yet",
    words: "Make one from a template: it says which bricks there are and how they learn.",
  },
};

export const newCluster = {
  heading: "New cluster",
  empty: { heading: "No template yet", words: "Choose an example to begin with." },
};

export const cluster = {
  heading: "Cluster",
  tabs: "Views of the cluster",
  empty: { heading: "An empty cluster", words: "Load a checkpoint into it to give it a network." },
};
