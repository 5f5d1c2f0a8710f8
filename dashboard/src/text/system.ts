export const system = {
  heading: "System",
  empty: { heading: "No readings", words: "This machine tells nothing about itself." },
};
