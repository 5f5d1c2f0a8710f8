export const datasets = {
  heading: "Datasets",
  empty: {
    heading: "No datasets yet",
    words: "Upload a table or a set of images to have something to learn from.",
  },
};

export const dataset = {
  heading: "Dataset",
  empty: { heading: "Nothing to show yet", words: "The dataset is still being uploaded." },
};
