/** Programs that connect to this server, with its address in them. */

export interface Sample {
  readonly key: "curl" | "python" | "go" | "javascript" | "cli";
  readonly code: string;
}

export function samples(address: string, user: string): readonly Sample[] {
  return [
    {
      key: "curl",
      code: `HANAMI=${address}
TOKEN=$(curl -s "$HANAMI/control/v1/token" \\
  -d "{\\"id\\": \\"${user}\\", \\"password\\": \\"$HANAMI_PASSWORD\\"}" | jq -r .token)
curl -s "$HANAMI/control/v1/cluster/all" -H "X-Auth-Token: $TOKEN"
`,
    },
    {
      key: "python",
      code: `import os
from hanami_sdk import Hanami

hanami = Hanami("${address}", "${user}", os.environ["HANAMI_PASSWORD"])
for cluster in hanami.clusters():
    print(cluster.name)
`,
    },
    {
      key: "go",
      code: `package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"hanami.local/sdk/hanami"
)

func main() {
	ctx := context.Background()
	client, err := hanami.Connect(ctx, "${address}", "${user}", os.Getenv("HANAMI_PASSWORD"))
	if err != nil {
		log.Fatal(err)
	}
	clusters, err := client.Clusters(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, cluster := range clusters {
		fmt.Println(cluster.Name)
	}
}
`,
    },
    {
      key: "javascript",
      code: `import { Hanami } from "hanami-sdk";

const hanami = await Hanami.connect("${address}", {
  user: "${user}",
  password: process.env.HANAMI_PASSWORD,
});
for (const { name } of await hanami.clusters.list()) {
  console.log(name);
}
`,
    },
    {
      key: "cli",
      code: `export HANAMI_ADDRESS=${address}
hanamictl login --user ${user}
hanamictl cluster list
`,
    },
  ];
}
