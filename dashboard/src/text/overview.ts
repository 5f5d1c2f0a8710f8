export const overview = {
  heading: "Overview",
  empty: { heading: "Nothing is going on yet", words: "Upload a dataset, make a cluster, and let it learn." },
};
