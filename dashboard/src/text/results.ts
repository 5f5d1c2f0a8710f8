export const results = {
  heading: "Results",
  empty: {
    heading: "No results yet",
    words: "Ask a trained cluster about a dataset: its answers will be here.",
  },
};

export const result = {
  heading: "Result",
  empty: { heading: "No answers", words: "The task found nothing to answer." },
};
