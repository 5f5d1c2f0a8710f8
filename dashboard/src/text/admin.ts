export const users = {
  heading: "Users",
  empty: { heading: "No users", words: "Make a user, and assign them a project." },
};

export const projects = {
  heading: "Projects",
  empty: { heading: "No projects", words: "Make a project to keep its members' work apart from others'." },
};

export const quotas = {
  heading: "Quotas",
  empty: { heading: "No projects", words: "Quotas belong to projects: make one first." },
};

export const audit = {
  heading: "Audit log",
  empty: {
    heading: "Nothing was logged yet",
    words: "Every request that changes something will be listed here.",
  },
};

export const errors = {
  heading: "Error log",
  empty: { heading: "No errors", words: "Errors of the server will be listed here." },
};
