/**
 * The JavaScript SDK for Hanami, the self-hosted server that learns. Begin with
 * {@link Hanami.connect}.
 *
 * @module
 */

export { type Checkpoint, Checkpoints } from "./checkpoints.js";
export {
  type Cluster,
  Clusters,
  type Entry,
  type Mode,
  type NetworkSize,
  type NewCluster,
  type Visibility,
} from "./clusters.js";
export {
  type CsvFile,
  type Dataset,
  type DatasetEntry,
  Datasets,
  type DatasetType,
  type DeclaredDataset,
  type MnistFiles,
  type Source,
} from "./datasets.js";
export { type Bricks, Direct, type DirectOptions } from "./direct.js";
export {
  BadRequestError,
  ConflictError,
  ConnectionError,
  type ErrorCode,
  type ErrorFacts,
  HanamiError,
  NotFoundError,
  ServerError,
  TaskAbortedError,
  TimeoutError,
  TooManyError,
  UnauthorizedError,
  WebsocketError,
} from "./errors.js";
export { Hanami, type Identity, type Permission } from "./hanami.js";
export { type AuditEntry, type ErrorEntry, type LogOptions, Logs } from "./logs.js";
export { type Project, Projects } from "./projects.js";
export { type RequestResult, RequestResults } from "./results.js";
export type { Credentials } from "./session.js";
export {
  type Clock,
  type Host,
  type Power,
  System,
  type Temperature,
  type Thread,
  type Topology,
} from "./system.js";
export {
  type NamedTask,
  type NewTask,
  type Task,
  type TaskEntry,
  type TaskProgress,
  Tasks,
  type TaskState,
} from "./tasks.js";
export type { CallOptions, ClientOptions } from "./transport.js";
export type { UploadOptions, UploadProgress } from "./upload.js";
export { type Membership, type NewUser, type User, Users } from "./users.js";
export type { Ref } from "./words.js";
