using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Executor.Engine.Jobs;
using Executor.Executors;
using Executor.Runners.Ssh.Install;
using Executor.Runners.Ssh.Options;
using Executor.Runners.Ssh.Remote;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Runners.Ssh.Tests.Install;

public sealed class InstallRuntimeTests : IAsyncLifetime
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);
    private InMemoryTaskStore _store = null!;
    private SshServer _server = null!;
    private SshRunner _ssh = null!;
    private SshCodeExecutorOptions _options = null!;
    private JobRunner _jobs = null!;

    private string Environment => Path.Combine(_server.Folder, "environment");

    public async ValueTask InitializeAsync()
    {
        _server = await SshServer.StartAsync();
        _options = _server.Options() with { CodeExecutorPath = Path.Combine(_server.Folder, "environment/bin/python") };
        _ssh = Connect(_options);
        _store = OpenStore();
        _jobs = await JobRunner.OpenAsync(
            _store, [new InstallRuntimeJob([_options], _ssh.Backend.StartPythonAsync)], new JobRunnerOptions(), TimeProvider.System, NullLogger<JobRunner>.Instance, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        await _ssh.DisposeAsync();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Environment_with_a_package_is_made_where_code_executor_path_wants_it_and_used()
    {
        string wheel = await WheelAsync("greeting", "def greet(): return 'hello from the package'\n");
        Assert.Equal(TaskErrorTypes.RuntimeUnavailable, (await _ssh.RunAsync("pass")).Error?.Type);

        JobRecord job = await RunAsync($$"""{"code_executor": "throwaway", "packages": ["{{wheel}}"]}""");

        string log = (await _jobs.GetLogAsync(job.JobId, CancellationToken.None))!;
        Assert.True(job.Status == ExecutionStatus.Completed, $"{job.Error} {log}");
        Assert.Contains("Successfully installed greeting", log, StringComparison.Ordinal);
        Assert.EndsWith($"{Environment}/bin/python is ready\n", log, StringComparison.Ordinal);
        TaskResult result = await _ssh.RunAsync("import greeting, sys; print(greeting.greet(), sys.prefix)");
        Assert.Equal($"hello from the package {Environment}\n", result.Stdout);
    }

    [Fact]
    public async Task Package_that_is_not_there_fails_with_pips_words_and_leaves_nothing()
    {
        JobRecord job = await RunAsync("""{"code_executor": "throwaway", "packages": ["./no-such-folder"]}""");

        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.RuntimeUnavailable), (job.Status, job.Error!.Type));
        Assert.Contains("no-such-folder", job.Error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Environment));
    }

    [Fact]
    public async Task Folder_that_holds_something_else_is_left_alone()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_server.Folder, "mine")).FullName;
        File.WriteAllText(Path.Combine(folder, "notes"), "keep");

        JobRecord job = await RunAsync($$"""{"code_executor": "throwaway", "path": "{{folder}}"}""");

        Assert.Contains("is not a virtual environment", job.Error!.Message, StringComparison.Ordinal);
        Assert.Equal("keep", File.ReadAllText(Path.Combine(folder, "notes")));
    }

    [Fact]
    public async Task Cancelled_installation_is_ended_and_removed()
    {
        JobRecord job = await _jobs.StartAsync("ssh_runtime.install", JsonElement.Parse("""{"code_executor": "throwaway"}"""), CancellationToken.None);
        // Making the environment takes seconds; the log says when it has begun.
        await Poll.UntilAsync(
            "the environment is being made",
            async () => (await _jobs.GetLogAsync(job.JobId, CancellationToken.None))!.Contains("making the environment", StringComparison.Ordinal));

        Assert.Equal(CancelOutcome.Requested, await _jobs.CancelAsync(job.JobId, CancellationToken.None));
        JobRecord? ended = await _jobs.WaitAsync(job.JobId, TimeLimit, CancellationToken.None);

        Assert.Equal(ExecutionStatus.Cancelled, ended!.Status);
        Assert.False(Directory.Exists(Environment));
        Assert.DoesNotContain(HostProcesses.All().Select(HostProcesses.CommandLine), line => line.Contains(Environment, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Installation_runs_nothing_of_the_folder_it_begins_in()
    {
        string[] names = ["venv", "pip", "ensurepip", "subprocess", "json", "os", "encodings", "sitecustomize"];
        using TemporaryFolder begin = new();
        Array.ForEach(names, name => begin.Write($"{name}.py", $"open('{begin.At("ran")}', 'a').write('{name} ')\n"));
        string wheel = await WheelAsync("greeting", "");
        using Process python = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", RemoteSource.CommandLine(["python3"])])
        {
            WorkingDirectory = begin.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        await python.StandardInput.BaseStream.WriteAsync(RemoteSource.Introduce(RemoteSource.Installer, json =>
        {
            json.WriteString("path", Environment);
            json.WriteNull("python");
            json.WriteStartArray("packages");
            json.WriteStringValue(wheel);
            json.WriteEndArray();
        }));
        await python.StandardInput.BaseStream.FlushAsync();
        string said = await python.StandardOutput.ReadToEndAsync();

        Assert.Contains("Successfully installed greeting", said, StringComparison.Ordinal);
        Assert.False(File.Exists(begin.At("ran")), said);
    }

    [Theory]
    [InlineData("{}", "params.code_executor", "throwaway")]
    [InlineData("""{"code_executor": "throwawy"}""", "params.code_executor", "throwaway")]
    [InlineData("""{"code_executor": "throwaway", "packages": "pandas"}""", "params.packages", "a list of names")]
    [InlineData("""{"code_executor": "throwaway", "packages": ["pandas", "--index-url=http://x"]}""", "params.packages[1]", "as pip names it")]
    [InlineData("""{"code_executor": "throwaway", "package": ["pandas"]}""", "params.package", "packages")]
    [InlineData("""{"code_executor": "throwaway", "path": 5}""", "params.path", "a text")]
    public async Task Params_that_can_not_be_used_are_named(string parameters, string field, string words)
    {
        InvalidInputException invalid = await Assert.ThrowsAsync<InvalidInputException>(
            () => _jobs.StartAsync("ssh_runtime.install", JsonElement.Parse(parameters), CancellationToken.None));

        ValidationFault fault = Assert.Single(invalid.Faults);
        Assert.Equal(field, fault.Field);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    private static SshRunner Connect(SshCodeExecutorOptions options) => new(options);

    private static InMemoryTaskStore OpenStore() => new(TimeProvider.System);

    private async Task<JobRecord> RunAsync(string parameters)
    {
        JobRecord job = await _jobs.StartAsync("ssh_runtime.install", JsonElement.Parse(parameters), CancellationToken.None);
        return (await _jobs.WaitAsync(job.JobId, TimeLimit, CancellationToken.None))!;
    }

    /// <summary>A package of one module, as a file: installing it needs no index.</summary>
    private async Task<string> WheelAsync(string name, string code)
    {
        string path = Path.Combine(_server.Folder, $"{name}-1.0-py3-none-any.whl");
        await using ZipArchive wheel = await ZipFile.OpenAsync(path, ZipArchiveMode.Create);
        foreach ((string file, string content) in new[]
        {
            ($"{name}.py", code),
            ($"{name}-1.0.dist-info/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"),
            ($"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
            ($"{name}-1.0.dist-info/RECORD", $"{name}.py,,\n{name}-1.0.dist-info/METADATA,,\n{name}-1.0.dist-info/WHEEL,,\n{name}-1.0.dist-info/RECORD,,\n"),
        })
        {
            await using StreamWriter writer = new(await wheel.CreateEntry(file).OpenAsync());
            await writer.WriteAsync(content);
        }

        return path;
    }
}
