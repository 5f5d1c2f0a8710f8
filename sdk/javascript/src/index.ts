/**
 * The JavaScript SDK for Hanami, the self-hosted server that learns. Begin with
 * {@link Hanami.connect}.
 *
 * @module
 */

export { type Checkpoint, Checkpoints } from "./checkpoints.js";
export {
  type Brick,
  type Change,
  type Cluster,
  Clusters,
  type Entry,
  type Explanation,
  type Mode,
  type NetworkSize,
  type NewCluster,
  type Visibility,
} from "./clusters.js";
export type { ClassScore, Column, Columns, Preview, Score } from "./contents.js";
export {
  type CsvFile,
  type Dataset,
  type DatasetEntry,
  Datasets,
  type DatasetType,
  type DeclaredDataset,
  type MnistFiles,
  type UploadState,
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
export {
  type Allowance,
  type DeleteOptions,
  type Limits,
  type Project,
  Projects,
  type Quota,
} from "./projects.js";
export { type RequestResult, RequestResults, type ResultOutputs, type RowOptions } from "./results.js";
export type { DatasetPart, FileProgress } from "./resume.js";
export type { Sample, Samples } from "./samples.js";
export type { Credentials } from "./session.js";
export type { Source } from "./sources.js";
export {
  type Clock,
  type Cpu,
  type Host,
  type Power,
  System,
  type Temperature,
  type Thread,
  type Topology,
} from "./system.js";
export {
  type Mapping,
  type NamedTask,
  type NewTask,
  type Task,
  type TaskEntry,
  type TaskProgress,
  Tasks,
  type TaskState,
  type ValidationReport,
} from "./tasks.js";
export type { TemplateBrick, TemplateCheck, TemplateMistake, TemplateSettings } from "./templates.js";
export type { CallOptions, ClientOptions } from "./transport.js";
export type { UploadOptions, UploadProgress } from "./upload.js";
export { type Membership, type NewUser, type User, Users } from "./users.js";
export type { Ref } from "./words.js";
