using Executor.Executors;
using Executor.Runners.Docker.Options;
using Executor.Runners.Local.Options;
using Executor.Runners.Ssh.Options;
using Executor.Text;

namespace Executor.Storage.Sql.Tests;

public abstract partial class SqlTaskStoreContract
{
    private const string Joined = " JOIN code_execution_results r ON r.id = e.code_executor WHERE r.stdout = '1\n'";

    [Fact]
    public async Task Code_executor_is_kept_in_the_table_of_its_kind()
    {
        await CompleteWithAsync("d", new DockerCodeExecutorOptions { Name = "d", Image = "python:3.11-alpine" });
        await CompleteWithAsync("s", new SshCodeExecutorOptions { Name = "s", Host = "h", Port = 2222, Username = "u", Password = new Secret("p") });
        await CompleteWithAsync("l", new LocalCodeExecutorOptions
        {
            Name = "l",
            CodeExecutorPath = "/usr/bin/python3",
            Timeout = TimeSpan.FromSeconds(1.5),
            WorkDir = "/w",
        });

        Assert.Equal(["python:3.11-alpine"], await QueryAsync($"SELECT e.image FROM docker_executors e{Joined}"));
        Assert.Equal(["h|2222|u"], await QueryAsync($"SELECT e.host || '|' || e.port || '|' || e.username FROM ssh_executors e{Joined}"));
        Assert.Equal(
            ["/usr/bin/python3|1.5|/w"],
            await QueryAsync($"SELECT e.executor_path || '|' || e.timeout_sec || '|' || e.work_dir FROM local_executors e{Joined}"));
    }

    [Fact]
    public async Task Retention_leaves_nothing_of_a_task()
    {
        await CompleteWithAsync("d", new DockerCodeExecutorOptions { Name = "d", Image = "i" });
        await CompleteWithAsync("s", new SshCodeExecutorOptions { Name = "s", Host = "h", Username = "u" });
        await CompleteWithAsync("l", LocalCodeExecutorOptions.Default);

        Assert.Equal(3, await Store.ApplyRetentionAsync(new RetentionOptions { MaxTasks = 0 }, None));

        foreach (string table in (string[])["tasks", "task_specs", "code_execution_results", "docker_executors", "ssh_executors", "local_executors"])
        {
            Assert.Equal(["0"], await QueryAsync($"SELECT count(*) FROM {table}"));
        }
    }

    private async Task CompleteWithAsync(string id, CodeExecutorOptions options)
    {
        await SubmitAsync(id);
        Assert.Equal(
            WriteOutcome.Recorded, await Store.CompleteAsync(new TaskCompletion(Completed(id)) { CodeExecutor = options }, None));
    }
}
