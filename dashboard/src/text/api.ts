export const api = {
  heading: "API",
  story: "Everything that this dashboard does can be done over HTTP and a websocket.",
  browser: {
    heading: "Browse and try",
    words: "Every endpoint with its fields and answers. Give it your token, and try requests on the spot.",
    open: "Open the API browser",
  },
  document: {
    heading: "OpenAPI document",
    words: "The same for machines, to generate clients from.",
    open: "Open openapi.json",
  },
  errors: {
    heading: "Errors",
    words: "What each kind of error means, and what to do about it.",
    open: "Open the list of errors",
  },
  begin: {
    heading: "A first request",
    words: "Log in for a token, and send it with every request.",
    example: (address: string, user: string): string => `TOKEN=$(curl -s ${address}/control/v1/token \\
  -d '{"id": "${user}", "password": "..."}' | jq -r .token)

curl -s ${address}/control/v1/cluster/all -H "X-Auth-Token: $TOKEN"`,
  },
  sdks: {
    heading: "SDKs and the command line",
    words: "All of them can do all that the server does; their documentation is in the repository of Hanami.",
    list: [
      { name: "hanamictl", words: "the command line", code: "cargo install --path crates/cli" },
      { name: "Python", words: "clients, scikit-learn estimators", code: "pip install ./sdk/python" },
      { name: "JavaScript", words: "for Node and browsers", code: "npm install ./sdk/javascript" },
      { name: "Go", words: "contexts, iterators, typed errors", code: "sdk/go" },
      { name: "Rust", words: "asynchronous, with tokio", code: "crates/client" },
    ],
  },
  address: "Address of this server",
};
