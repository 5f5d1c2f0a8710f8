export const api = {
  heading: "API",
  empty: { heading: "The interface", words: "Everything that this dashboard does can be done over HTTP." },
};
