using System.Net.Sockets;
using Executor.Executors;
using Executor.Runners.Docker.Engine;
using Executor.Runners.Docker.Options;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests.Engine;

/// <summary>What is wrong is said with the setting to look at.</summary>
public sealed class FailureMessageTests(EngineFixture engine) : DockerTest(engine)
{
    [Fact]
    public async Task Engine_that_is_not_there_names_the_address_and_its_variable()
    {
        await using DockerRunner docker = DockerRunner.On(new Uri("unix:///run/no-such-engine.sock"));
        TaskResult result = await docker.RunAsync(Code("print(1)"), Python);

        Assert.Equal(TaskErrorTypes.EngineUnavailable, result.Error!.Type);
        Assert.Contains("unix:///run/no-such-engine.sock", result.Error.Message, StringComparison.Ordinal);
        Assert.Contains("DOCKER_HOST", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_that_may_not_be_pulled_names_the_policy()
    {
        TaskResult result = await Docker.RunAsync(Code("print(1)"), Python with { Name = "mine", Image = "no/such:image", PullPolicy = ImagePullPolicy.Never });

        Assert.Equal(TaskErrorTypes.ImageUnavailable, result.Error!.Type);
        Assert.Contains("code_executors.docker.mine.pull_policy", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_that_can_not_be_pulled_says_why()
    {
        TaskResult result = await Docker.RunAsync(Code("print(1)"), Python with { Image = "127.0.0.1:9/no/such:image" });

        Assert.Equal(TaskErrorTypes.ImageUnavailable, result.Error!.Type);
        Assert.Contains("connection refused", result.Error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:9/no/such:image", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interpreter_that_is_not_in_the_image_names_its_setting()
    {
        TaskResult result = await Docker.RunAsync(Code("print(1)"), Python with { Name = "mine", CodeExecutorPath = "/opt/python/bin/python" });

        Assert.Equal(TaskErrorTypes.RuntimeUnavailable, result.Error!.Type);
        Assert.Contains("code_executors.docker.mine.code_executor_path", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interpreter_that_is_no_python_names_its_setting()
    {
        TaskResult result = await Docker.RunAsync(Code("print(1)"), Python with { Name = "mine", CodeExecutorPath = "/usr/bin/cat" });

        Assert.Equal(TaskErrorTypes.ImageUnavailable, result.Error!.Type);
        Assert.Contains("code_executors.docker.mine.code_executor_path", result.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no such folder!", "/data", "mounts")]
    [InlineData("/tmp", "/work", "mounts")]
    public async Task Mount_that_can_not_be_names_the_setting(string source, string target, string setting)
    {
        TaskResult result = await Docker.RunAsync(Code("print(1)"), Python with { Mounts = [new DockerMount(source, target, ReadOnly: false)] });

        Assert.Equal(TaskErrorTypes.RunnerFailed, result.Error!.Type);
        Assert.Contains($"code_executors.docker.NAME.{setting}", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gpus_that_the_host_has_not_name_the_setting()
    {
        TaskResult result = await Docker.RunAsync(Code("print(1)"), Python with { Gpus = 1 });

        Assert.Contains("code_executors.docker.NAME.gpus", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Network_that_is_not_there_names_the_setting()
    {
        TaskResult result = await Docker.RunAsync(
            Code("print(1)") with { Limits = new Limits.TaskLimits { Network = true } }, Python with { Network = "no-such-network" });

        Assert.Contains("code_executors.docker.NAME.network", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Denied_permission_says_how_to_get_it()
    {
        RunnerException? told = EngineFailure.Translate(
            new HttpRequestException("failed", new SocketException((int)SocketError.AccessDenied)), new Uri("unix:///var/run/docker.sock"), "run");

        Assert.Equal(TaskErrorTypes.EngineUnavailable, told!.ErrorType);
        Assert.Contains("usermod -aG docker", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Full_disk_of_the_engine_says_what_to_do()
    {
        RunnerException? told = EngineFailure.Translate(
            new global::Docker.DotNet.DockerApiException(System.Net.HttpStatusCode.InternalServerError, """{"message":"mkdir /var/lib/docker/x: no space left on device"}"""),
            new Uri("unix:///var/run/docker.sock"),
            "create a container");

        Assert.Contains("docker system prune", told!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/var/run/docker.sock")]
    [InlineData("ftp://host")]
    [InlineData("docker")]
    public void Docker_host_that_is_no_address_is_refused(string named)
    {
        RunnerException refused = Assert.Throws<RunnerException>(() => EngineEndpoint.Find(named, null));

        Assert.Contains("DOCKER_HOST", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Docker_host_is_used_where_it_is_set() =>
        Assert.Equal(new Uri("tcp://engine:2375"), EngineEndpoint.Find("tcp://engine:2375", null));
}
