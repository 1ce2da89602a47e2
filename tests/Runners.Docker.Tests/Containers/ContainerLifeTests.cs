using Docker.DotNet.Models;
using Executor.Runners.Docker.Engine;
using Executor.Runners.Docker.Tests.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests.Containers;

/// <summary>When containers are made and when they go.</summary>
public sealed class ContainerLifeTests(EngineFixture engine) : DockerTest(engine)
{
    [Fact]
    public async Task Containers_are_prepared_when_a_second_task_of_a_kind_has_come()
    {
        Completed(await Docker.RunAsync(Code("print(1)"), Python));
        Assert.Equal(0, Docker.Backend.ReadyContainers);

        Completed(await Docker.RunAsync(Code("print(2)"), Python));
        await Docker.Backend.PreparedAsync();

        Assert.Equal(Python.PoolSize, Docker.Backend.ReadyContainers);
    }

    [Fact]
    public async Task Script_of_another_language_is_given_to_its_own_interpreter_where_the_agent_s_Python_is_warm()
    {
        // The image's node prints what it is given.
        TaskResult result = await Docker.RunAsync(new Executor.Tasks.TaskSpec { Language = "node", Code = "print('Python')" }, Python);

        Completed(result);
        Assert.EndsWith("main.js\n", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_task_has_a_container_of_its_own()
    {
        List<string> seen = [];
        for (int i = 0; i < 5; i++)
        {
            TaskResult result = await Docker.RunAsync(Code("import os; print(os.listdir('/tmp'), os.stat('/tmp').st_dev); open('/tmp/left', 'w')"), Python);
            Completed(result);
            seen.Add(result.Stdout);
        }

        Assert.All(seen, text => Assert.StartsWith("[]", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_container_is_prepared_where_the_pool_is_off()
    {
        for (int i = 0; i < 3; i++)
        {
            Completed(await Docker.RunAsync(Code("print(1)"), Python with { PoolSize = 0 }));
        }

        await Docker.Backend.PreparedAsync();
        Assert.Equal(0, Docker.Backend.ReadyContainers);
    }

    [Fact]
    public async Task Orphans_of_dead_processes_are_removed_before_the_first_task_and_others_left_alone()
    {
        Dictionary<string, string> dead = new(Ownership.Labels) { ["executor.started"] = "1" };
        Dictionary<string, string> elsewhere = new(dead) { [Ownership.HostLabel] = "another-host" };
        string orphan = await CreateAsync(dead);
        string foreign = await CreateAsync(elsewhere);
        string live = await CreateAsync(new(Ownership.Labels));
        string volume = (await AskAsync(client => client.Volumes.CreateAsync(new VolumesCreateParameters { Labels = dead }))).Name;

        Completed(await Docker.RunAsync(Code("print(1)"), Python with { PoolSize = 0 }));
        List<string> left = await LeftAsync(Endpoint);

        Assert.DoesNotContain($"/{orphan}", left);
        Assert.DoesNotContain(volume, left);
        Assert.Contains($"/{foreign}", left);
        Assert.Contains($"/{live}", left);
        foreach (string name in new[] { foreign, live })
        {
            await AskAsync(async client =>
            {
                await client.Containers.RemoveContainerAsync(name, new ContainerRemoveParameters());
                return true;
            });
        }
    }

    [Fact]
    public async Task Cancelled_while_its_container_is_made_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        Task<TaskResult> running = Docker.RunAsync(Code("print(1)"), Python, cancellationToken: cancel.Token);
        await cancel.CancelAsync();

        Assert.Equal(ExecutionStatus.Cancelled, (await running).Status);
    }

    private async Task<string> CreateAsync(Dictionary<string, string> labels)
    {
        string name = $"executor-test-{Guid.NewGuid():N}";
        await AskAsync(client => client.Containers.CreateContainerAsync(
            new CreateContainerParameters { Name = name, Image = EngineFixture.Shell, Entrypoint = ["/bin/true"], NetworkDisabled = true, Labels = labels }));
        return name;
    }
}
