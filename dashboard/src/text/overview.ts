export const overview = {
  heading: "Overview",
  welcome: (name: string, project: string): string => `Hello ${name}, this is the project ${project}.`,
  counts: {
    heading: "What there is",
    datasets: "Datasets",
    clusters: "Clusters",
    results: "Results",
    checkpoints: "Checkpoints",
  },
  work: {
    heading: "Going on now",
    idle: "No task is queued or running.",
    task: (cluster: string): string => `A task of ${cluster}`,
    queued: "queued",
    active: "running",
    samples: (done: string, total: string): string => `${done} of ${total} samples`,
    epoch: (epoch: number): string => `epoch ${epoch}`,
    accuracy: (percent: string): string => `${percent} right so far`,
    speed: (samples: string): string => `${samples} samples/s`,
    left: (time: string): string => `${time} left`,
    limited: (clusters: number): string => `Only the first ${clusters} clusters are looked at here.`,
  },
  steps: {
    heading: "Next steps",
    story: "From data to a network that answers, in four steps.",
    done: "done",
    data: {
      label: "Upload a dataset",
      words: "A table (CSV) or a set of images to have something to learn from.",
    },
    cluster: {
      label: "Make a cluster",
      words: "A network of bricks, from a template that you can change.",
    },
    train: {
      label: "Train it",
      words: "Open the cluster, choose the dataset, and watch it learn.",
    },
    ask: {
      label: "Ask it",
      words: "Let it answer a dataset, and see how often it is right.",
    },
  },
};
