export const connect = {
  heading: "Connect",
  above: "How programs use this server. Each learns the password from the environment or asks for it.",
  address: "Address of this server",
  insecure:
    "This connection is not encrypted: passwords and tokens can be read on the way. Use TLS for anything but this machine.",
  tabs: "Ways to connect",
  curl: {
    label: "curl",
    words: "Log in for a token, then send it with every request. HANAMI_PASSWORD holds your password.",
  },
  python: { label: "Python", words: "In the repository of Hanami: pip install ./sdk/python" },
  go: {
    label: "Go",
    words:
      "The SDK is in the repository of Hanami, in sdk/go: go mod edit -replace=hanami.local/sdk/hanami=/path/to/hanami/sdk/go",
  },
  javascript: { label: "JavaScript", words: "In the repository of Hanami: npm install ./sdk/javascript" },
  cli: { label: "hanamictl", words: "In the repository of Hanami: cargo install --path crates/cli" },
  code: (label: string): string => `Example for ${label}`,
  copyAll: "Copy all",
  more: "The whole interface",
  moreWords: "All operations, to read and to try, are on the page API.",
};
