package hanami_test

import (
	"context"
	"os"
	"time"

	"hanami.local/sdk/hanami"
)

// calls is the vocabulary of the scenarios.
var calls = map[string]perform{
	"login": func(ctx context.Context, c *call) (any, error) {
		client, err := hanami.Connect(ctx, c.server, c.text("id"), c.text("password"))
		c.actors[c.text("actor")] = client
		return nil, err
	},
	"wait": func(_ context.Context, c *call) (any, error) {
		time.Sleep(time.Duration(c.number("seconds") * float64(time.Second)))
		return nil, nil
	},
	"auth.get": func(ctx context.Context, c *call) (any, error) {
		return c.client.Identity(ctx)
	},
	"project.create": func(ctx context.Context, c *call) (any, error) {
		return c.client.CreateProject(ctx, c.text("id"), c.text("name"))
	},
	"project.get": func(ctx context.Context, c *call) (any, error) {
		return c.client.Project(ctx, c.text("id"))
	},
	"project.delete": func(ctx context.Context, c *call) (any, error) {
		return nil, c.client.DeleteProject(ctx, c.text("id"))
	},
	"project.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.Projects(ctx)
	},
	"project.switch": func(ctx context.Context, c *call) (any, error) {
		client, err := c.client.InProject(ctx, c.text("project_id"))
		if err == nil {
			c.actors[c.name] = client
		}
		return nil, err
	},
	"user.create": func(ctx context.Context, c *call) (any, error) {
		return c.client.CreateUser(ctx, hanami.NewUser{
			ID: c.text("id"), Name: c.text("name"),
			Password: hanami.Secret(c.text("password")), IsAdmin: c.flag("is_admin"),
		})
	},
	"user.get": func(ctx context.Context, c *call) (any, error) {
		return c.client.User(ctx, c.text("id"))
	},
	"user.delete": func(ctx context.Context, c *call) (any, error) {
		return nil, c.client.DeleteUser(ctx, c.text("id"))
	},
	"user.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.Users(ctx)
	},
	"user.assign_project": func(ctx context.Context, c *call) (any, error) {
		return c.client.AssignProject(ctx, c.text("id"), hanami.Membership{
			ProjectID: c.text("project_id"), Role: c.text("role"),
			IsProjectAdmin: c.flag("is_project_admin"),
		})
	},
	"user.remove_project": func(ctx context.Context, c *call) (any, error) {
		return c.client.UnassignProject(ctx, c.text("id"), c.text("project_id"))
	},
	"user.projects": func(ctx context.Context, c *call) (any, error) {
		if user := c.text("user_id"); user != "" {
			return c.client.ProjectsOf(ctx, user)
		}
		return c.client.MyProjects(ctx)
	},
	"dataset.upload_mnist": func(ctx context.Context, c *call) (any, error) {
		images, labels := hanami.File(c.text("images")), hanami.File(c.text("labels"))
		uuid, err := c.client.UploadMNIST(ctx, c.text("name"), images, labels)
		return map[string]any{"uuid": uuid}, err
	},
	"dataset.upload_csv": func(ctx context.Context, c *call) (any, error) {
		uuid, err := c.client.UploadCSV(ctx, c.text("name"), hanami.File(c.text("table")))
		return map[string]any{"uuid": uuid}, err
	},
	"dataset.get": func(ctx context.Context, c *call) (any, error) {
		return c.client.Dataset(ctx, dataset(c, "uuid"))
	},
	"dataset.delete": func(ctx context.Context, c *call) (any, error) {
		return nil, c.client.DeleteDataset(ctx, dataset(c, "uuid"))
	},
	"dataset.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.Datasets(ctx)
	},
	"dataset.progress": func(ctx context.Context, c *call) (any, error) {
		return c.client.UploadState(ctx, dataset(c, "uuid"))
	},
	"dataset.check": func(ctx context.Context, c *call) (any, error) {
		result := hanami.ResultUUID(c.text("result_uuid"))
		return c.client.Check(ctx, result, dataset(c, "dataset_uuid"))
	},
	"cluster.create": func(ctx context.Context, c *call) (any, error) {
		template := ""
		if path := c.text("template"); path != "" {
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			template = string(text)
		}
		return c.client.CreateCluster(ctx, hanami.NewCluster{Name: c.text("name"), Template: template})
	},
	"cluster.get": func(ctx context.Context, c *call) (any, error) {
		return c.client.Cluster(ctx, cluster(c, "uuid"))
	},
	"cluster.delete": func(ctx context.Context, c *call) (any, error) {
		return nil, c.client.DeleteCluster(ctx, cluster(c, "uuid"))
	},
	"cluster.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.Clusters(ctx)
	},
	"cluster.save": func(ctx context.Context, c *call) (any, error) {
		return c.client.Save(ctx, c.text("name"), cluster(c, "cluster_uuid"))
	},
	"cluster.load": func(ctx context.Context, c *call) (any, error) {
		checkpoint := hanami.CheckpointUUID(c.text("checkpoint_uuid"))
		uuid, err := c.client.Load(ctx, checkpoint, cluster(c, "cluster_uuid"))
		return map[string]any{"uuid": uuid}, err
	},
	"cluster.set_mode": func(ctx context.Context, c *call) (any, error) {
		return c.client.SetMode(ctx, cluster(c, "uuid"), hanami.Mode(c.text("new_state")))
	},
	"cluster.switch_host": func(ctx context.Context, c *call) (any, error) {
		host := hanami.HostUUID(c.text("host_uuid"))
		return c.client.SwitchHost(ctx, cluster(c, "cluster_uuid"), host)
	},
	"task.create": func(ctx context.Context, c *call) (any, error) {
		return c.client.CreateTask(ctx, hanami.NewTask{
			Name: c.text("name"), Type: hanami.TaskType(c.text("type")),
			Cluster: cluster(c, "cluster_uuid"), Dataset: dataset(c, "dataset_uuid"),
		})
	},
	"task.wait": func(ctx context.Context, c *call) (any, error) {
		return c.client.Wait(ctx, cluster(c, "cluster_uuid"), task(c), nil)
	},
	"task.get": func(ctx context.Context, c *call) (any, error) {
		return c.client.Task(ctx, cluster(c, "cluster_uuid"), task(c))
	},
	"task.delete": func(ctx context.Context, c *call) (any, error) {
		return nil, c.client.DeleteTask(ctx, cluster(c, "cluster_uuid"), task(c))
	},
	"task.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.Tasks(ctx, cluster(c, "cluster_uuid"))
	},
	"request_result.get": func(ctx context.Context, c *call) (any, error) {
		return c.client.RequestResult(ctx, hanami.ResultUUID(c.text("uuid")))
	},
	"request_result.delete": func(ctx context.Context, c *call) (any, error) {
		return nil, c.client.DeleteRequestResult(ctx, hanami.ResultUUID(c.text("uuid")))
	},
	"request_result.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.RequestResults(ctx)
	},
	"checkpoint.get": func(ctx context.Context, c *call) (any, error) {
		return c.client.Checkpoint(ctx, hanami.CheckpointUUID(c.text("uuid")))
	},
	"checkpoint.delete": func(ctx context.Context, c *call) (any, error) {
		return nil, c.client.DeleteCheckpoint(ctx, hanami.CheckpointUUID(c.text("uuid")))
	},
	"checkpoint.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.Checkpoints(ctx)
	},
	"host.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.Hosts(ctx)
	},
	"audit_log.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.AuditLogPage(ctx, int(c.number("page")), c.text("user_id"))
	},
	"error_log.list": func(ctx context.Context, c *call) (any, error) {
		return c.client.ErrorLogPage(ctx, int(c.number("page")), c.text("user_id"))
	},
	"direct.open": func(ctx context.Context, c *call) (any, error) {
		line, err := c.client.Direct(ctx, cluster(c, "uuid"))
		if err == nil {
			c.lines[c.text("line")] = line
		}
		return nil, err
	},
	"direct.train": func(ctx context.Context, c *call) (any, error) {
		return nil, c.line().Train(ctx, c.bricks("inputs"), c.bricks("targets"))
	},
	"direct.request": func(ctx context.Context, c *call) (any, error) {
		return c.line().Request(ctx, c.bricks("inputs"))
	},
	"direct.close": func(_ context.Context, c *call) (any, error) {
		return nil, c.line().Close()
	},
}

func cluster(c *call, name string) hanami.ClusterUUID { return hanami.ClusterUUID(c.text(name)) }
func dataset(c *call, name string) hanami.DatasetUUID { return hanami.DatasetUUID(c.text(name)) }
func task(c *call) hanami.TaskUUID                    { return hanami.TaskUUID(c.text("uuid")) }
