/** All English that users read: a section per page, `app` for what is around them, `parts` for what they share. */

import { audit, errors, profile, project, projects, quotas, user, users } from "./text/admin.js";
import { api } from "./text/api.js";
import { app } from "./text/app.js";
import { bricks } from "./text/bricks.js";
import { checkpoints } from "./text/checkpoints.js";
import { cluster, clusters, newCluster } from "./text/clusters.js";
import { connect } from "./text/connect.js";
import { dataset, datasets } from "./text/datasets.js";
import { editor } from "./text/editor.js";
import { live } from "./text/live.js";
import { login } from "./text/login.js";
import { overview } from "./text/overview.js";
import { parts } from "./text/parts.js";
import { playground } from "./text/playground.js";
import { result, results } from "./text/results.js";
import { system } from "./text/system.js";

export const text = {
  api,
  app,
  audit,
  bricks,
  checkpoints,
  cluster,
  clusters,
  connect,
  dataset,
  datasets,
  editor,
  errors,
  live,
  login,
  newCluster,
  overview,
  parts,
  playground,
  profile,
  project,
  projects,
  quotas,
  result,
  results,
  system,
  user,
  users,
};
