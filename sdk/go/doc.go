// Package hanami is the Go SDK for Hanami, the self-hosted server that learns.
//
// [Connect] logs in and returns a [Client], which has one method for each thing to do: make a cluster,
// upload a dataset, queue a task, wait for it. The first example shows that.
//
// One sample at a time, with an answer in well under a millisecond, goes over a live connection to
// a cluster: see [Direct].
//
// # Contexts and concurrency
//
// Every call takes a context first and ends when it does. A [Client] and a [Direct] may be used by
// any number of goroutines at the same time.
//
// # Tokens
//
// The client logs in again by itself when its token has expired; however many calls meet the end of
// the token, there is one new log-in. Passwords and tokens are in no error and in no printed client.
//
// # Errors and retries
//
// What the server refuses is an [*Error] with status, code, detail and the id of the request, which
// leads to the cause in the server's log. Compare with errors.Is and codes such as [ErrNotFound].
//
// A connection that fails is a [*ConnectionError], a websocket that the server refuses or closes is
// a [*WebsocketError]. What certainly had no effect is tried again with growing pauses (see
// [WithRetries]): any call when no connection could be made or the server told by Retry-After when to
// come back, and reads also when the connection broke.
//
// # Wire names
//
// Methods cover the whole HTTP and websocket interface. Who knows it by its paths finds them here:
//
//	POST   token                Connect
//	PUT    token                Client.InProject (also for POST user/project with a project alone)
//	GET    auth                 Client.Identity, Client.CheckToken
//	       project              Client.CreateProject, Project, Projects, DeleteProject
//	       project/quota        Client.MyQuota, Quota, SetQuota
//	       user                 Client.CreateUser, User, Users, ChangeUser, DeleteUser
//	PUT    user/password        Client.ChangePassword
//	       user/project         Client.AssignProject, UnassignProject, ProjectsOf, MyProjects
//	       mnist/dataset        Client.UploadMNIST, ResumeMNIST
//	       csv/dataset          Client.UploadCSV, ResumeCSV
//	       dataset              Client.Dataset, Datasets, ChangeDataset, DeleteDataset
//	GET    dataset/progress     Client.UploadState
//	PUT    dataset/file         Client.ResumeMNIST, ResumeCSV
//	GET    dataset/preview, …   Client.Preview, Columns, DownloadDataset
//	POST   dataset/check        Client.Check
//	       cluster              Client.CreateCluster, Cluster, Clusters, ChangeCluster, DeleteCluster
//	POST   cluster/save, load   Client.Save, Load
//	POST   cluster/predict      Client.Predict, PredictMany
//	POST   cluster/learn        Client.Learn, LearnMany
//	PUT    cluster/set_mode     Client.SetMode
//	PUT    cluster/switch_host  Client.SwitchHost
//	       task                 Client.CreateTask, Task, Tasks, DeleteTask, Wait
//	GET    task/events          Client.Watch
//	       request_result       Client.RequestResult, RequestResults, ChangeRequestResult,
//	                            DeleteRequestResult, Outputs, OutputsPage, DownloadRequestResult
//	       checkpoint           Client.Checkpoint, Checkpoints, ChangeCheckpoint, DeleteCheckpoint,
//	                            DownloadCheckpoint, UploadCheckpoint
//	GET    host/all             Client.Hosts
//	GET    audit_log, error_log Client.AuditLog, ErrorLog
//	GET    system_info, …       Client.SystemInfo, Threads, Speed, Power, Temperature
//	GET    /readyz, /metrics    Client.Ready, Metrics
//	       websocket            Client.Direct
package hanami

//go:generate sh -c "go run ./internal/reference > REFERENCE.md"
