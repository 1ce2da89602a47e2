using System.Text.Json;
using Executor.Limits;

namespace Executor.Tasks;

public sealed class TaskSpecValidatorTests
{
    private static readonly TaskSpec Valid = new() { Code = "print(1)" };

    [Fact]
    public void Task_with_every_field_in_range_has_no_fault()
    {
        TaskSpec task = new()
        {
            TaskId = "Az09._:-",
            Name = "größer",
            Language = "python",
            Code = "",
            Callable = "main",
            Params = Json("""{"a": [1, "\u00e9"]}"""),
            Args = ["", "-x"],
            Stdin = "\0",
            Env = new Dictionary<string, string> { ["A"] = "", ["lower.case"] = "=" },
            Files = new Dictionary<string, TaskFile>
            {
                ["data/in.csv"] = new() { Content = "" },
                ["data/..in"] = new() { Content = " Y Q = =\n", Encoding = TaskFileEncoding.Base64 },
                ["Übung 1.txt"] = new() { Content = "x" },
            },
            WorkingDir = "/work",
            Details = Json("null"),
            Runner = RunnerKind.Ssh,
            Executor = "e",
            Capabilities = ["gpu"],
            Resources = new ResourceRequest { Cpus = 0.1, MemoryMb = 1, Gpus = 8 },
            Timeout = TimeSpan.FromDays(1),
            Priority = int.MinValue,
            Limits = new TaskLimits { MemoryMb = 1, StackMb = 1, CpuTime = 0.001, Pids = 32_768, OpenFiles = 16, FileSizeMb = 1_048_576, DiskMb = 1, OutputKb = 1, Network = true },
            RuntimeEnv = new RuntimeEnv { Packages = ["requests==2.32.0"], EnvVars = new Dictionary<string, string> { ["X"] = "y" } },
            Retry = new RetryPolicy { MaxAttempts = 100, Backoff = TimeSpan.Zero },
            DependsOn = ["a", "b"],
            Cache = new CacheOptions(),
            Artifacts = ["out/*.png", "**/*.csv"],
            CallbackUrl = "https://example.org/done?x=1",
        };

        Assert.Empty(TaskSpecValidator.Validate(task));
    }

    [Fact]
    public void Source_must_be_exactly_one()
    {
        const string rule = "give exactly one of code, script, command and entrypoint";
        Assert.Equal([$"code: {rule}"], Faults(new TaskSpec()));
        Assert.Equal(
            [$"script: can't be combined with code; {rule}", $"command: can't be combined with code; {rule}", $"entrypoint: can't be combined with code; {rule}"],
            Faults(Valid with { Script = "s.py", Command = ["ls"], Entrypoint = "m:f" }));
        Assert.Equal([$"entrypoint: can't be combined with command; {rule}"], Faults(new TaskSpec { Command = ["ls"], Entrypoint = "m:f" }));
    }

    public static TheoryData<string, TaskSpec> Faulty => new()
    {
        { "task_id", Valid with { TaskId = "" } },
        { "task_id", Valid with { TaskId = "a b" } },
        { "task_id", Valid with { TaskId = "é" } },
        { "task_id", Valid with { TaskId = new string('a', 129) } },
        { "name", Valid with { Name = "a\nb" } },
        { "name", Valid with { Name = new string('a', 257) } },
        { "language", Valid with { Language = " " } },
        { "script", new TaskSpec { Script = "" } },
        { "script", new TaskSpec { Script = "a\0b" } },
        { "command", new TaskSpec { Command = [] } },
        { "command", new TaskSpec { Command = ["", "x"] } },
        { "command[1]", new TaskSpec { Command = ["ls", "a\0"] } },
        { "command[1]", new TaskSpec { Command = ["ls", null!] } },
        { "entrypoint", new TaskSpec { Entrypoint = "" } },
        { "entrypoint", new TaskSpec { Entrypoint = "a.:f" } },
        { "entrypoint", new TaskSpec { Entrypoint = "a:" } },
        { "entrypoint", new TaskSpec { Entrypoint = ":f" } },
        { "entrypoint", new TaskSpec { Entrypoint = "a:b:c" } },
        { "entrypoint", new TaskSpec { Entrypoint = "a b" } },
        { "entrypoint", new TaskSpec { Entrypoint = "1a" } },
        { "callable", Valid with { Callable = "" } },
        { "callable", Valid with { Callable = "f()" } },
        { "callable", new TaskSpec { Command = ["ls"], Callable = "f" } },
        { "callable", new TaskSpec { Entrypoint = "m:f", Callable = "f" } },
        { "params", Valid with { Params = Json("[1]") } },
        { "params", Valid with { Params = Json("null") } },
        { "params", Valid with { Params = Json("""{"a": "\ud800"}""") } },
        { "details", Valid with { Details = Json("""["\udc00"]""") } },
        { "details", Valid with { Details = default(JsonElement) } },
        { "args[0]", Valid with { Args = ["\0"] } },
        { "args[1]", Valid with { Args = ["", null!] } },
        { "env[\"A=B\"]", Valid with { Env = Map("A=B", "") } },
        { "env[\"\"]", Valid with { Env = Map("", "x") } },
        { "env[\"A\"]", Valid with { Env = Map("A", "\0") } },
        { "env[\"A\"]", Valid with { Env = Map("A", null!) } },
        { "files[\"\"]", WithFile("") },
        { "files[\"/etc/passwd\"]", WithFile("/etc/passwd") },
        { "files[\"../x\"]", WithFile("../x") },
        { "files[\"a/../../x\"]", WithFile("a/../../x") },
        { "files[\"..\"]", WithFile("..") },
        { "files[\".\"]", WithFile(".") },
        { "files[\"./x\"]", WithFile("./x") },
        { "files[\"a//b\"]", WithFile("a//b") },
        { "files[\"a/\"]", WithFile("a/") },
        { "files[\"a\\b\"]", WithFile("a\\b") },
        { "files[\"C:/x\"]", WithFile("C:/x") },
        { "files[\"a\\u0000\"]", WithFile("a\0") },
        { $"files[\"{new string('é', 100)}…\"]", WithFile(new string('é', 128)) },
        { "files[\"a\"].content", Valid with { Files = new Dictionary<string, TaskFile> { ["a"] = null! } } },
        { "files[\"a\"].content", Valid with { Files = new Dictionary<string, TaskFile> { ["a"] = new() { Content = null! } } } },
        { "files[\"a\"].content", Valid with { Files = new Dictionary<string, TaskFile> { ["a"] = new() { Content = "abc", Encoding = TaskFileEncoding.Base64 } } } },
        { "files[\"a\"].content", Valid with { Files = new Dictionary<string, TaskFile> { ["a"] = new() { Content = "", Encoding = (TaskFileEncoding)9 } } } },
        { "files[\"a/b/c\"]", Valid with { Files = new Dictionary<string, TaskFile> { ["a/b"] = new() { Content = "" }, ["a/b/c"] = new() { Content = "" } } } },
        { "working_dir", Valid with { WorkingDir = "" } },
        { "runner", Valid with { Runner = (RunnerKind)9 } },
        { "executor", Valid with { Executor = "" } },
        { "capabilities[0]", Valid with { Capabilities = [""] } },
        { "resources.cpus", Valid with { Resources = new ResourceRequest { Cpus = 0 } } },
        { "resources.cpus", Valid with { Resources = new ResourceRequest { Cpus = double.NaN } } },
        { "resources.cpus", Valid with { Resources = new ResourceRequest { Cpus = double.PositiveInfinity } } },
        { "resources.memory_mb", Valid with { Resources = new ResourceRequest { MemoryMb = 0 } } },
        { "resources.gpus", Valid with { Resources = new ResourceRequest { Gpus = -1 } } },
        { "timeout", Valid with { Timeout = TimeSpan.Zero } },
        { "timeout", Valid with { Timeout = TimeSpan.FromSeconds(-1) } },
        { "timeout", Valid with { Timeout = TimeSpan.FromSeconds(86_401) } },
        { "limits.memory_mb", Valid with { Limits = new TaskLimits { MemoryMb = 0 } } },
        { "limits.memory_mb", Valid with { Limits = new TaskLimits { MemoryMb = 1_048_577 } } },
        { "limits.cpu_time", Valid with { Limits = new TaskLimits { CpuTime = 0 } } },
        { "limits.pids", Valid with { Limits = new TaskLimits { Pids = 32_769 } } },
        { "limits.stack_mb", Valid with { Limits = new TaskLimits { StackMb = 0 } } },
        { "limits.open_files", Valid with { Limits = new TaskLimits { OpenFiles = 15 } } },
        { "limits.file_size_mb", Valid with { Limits = new TaskLimits { FileSizeMb = -1 } } },
        { "limits.disk_mb", Valid with { Limits = new TaskLimits { DiskMb = 0 } } },
        { "limits.output_kb", Valid with { Limits = new TaskLimits { OutputKb = 0 } } },
        { "runtime_env.packages[0]", Valid with { RuntimeEnv = new RuntimeEnv { Packages = [" "] } } },
        { "runtime_env.packages[0]", Valid with { RuntimeEnv = new RuntimeEnv { Packages = ["a\nb"] } } },
        { "runtime_env.packages[1]", Valid with { RuntimeEnv = new RuntimeEnv { Packages = ["a", " --index-url=http://x"] } } },
        { "runtime_env.packages[0]", Valid with { RuntimeEnv = new RuntimeEnv { Packages = [null!] } } },
        { "runtime_env.env_vars[\"=\"]", Valid with { RuntimeEnv = new RuntimeEnv { EnvVars = Map("=", "") } } },
        { "retry.max_attempts", Valid with { Retry = new RetryPolicy { MaxAttempts = 0 } } },
        { "retry.max_attempts", Valid with { Retry = new RetryPolicy { MaxAttempts = 101 } } },
        { "retry.backoff_sec", Valid with { Retry = new RetryPolicy { Backoff = TimeSpan.FromSeconds(-1) } } },
        { "retry.backoff_sec", Valid with { Retry = new RetryPolicy { Backoff = TimeSpan.FromDays(2) } } },
        { "depends_on[0]", Valid with { TaskId = "me", DependsOn = ["me"] } },
        { "depends_on[1]", Valid with { DependsOn = ["a", "a"] } },
        { "depends_on[0]", Valid with { DependsOn = ["a b"] } },
        { "depends_on[0]", Valid with { DependsOn = [null!] } },
        { "cache.ttl_sec", Valid with { Cache = new CacheOptions { Ttl = TimeSpan.Zero } } },
        { "artifacts[0]", Valid with { Artifacts = ["/tmp/*"] } },
        { "artifacts[1]", Valid with { Artifacts = ["a", "../*"] } },
        { "artifacts[0]", Valid with { Artifacts = [null!] } },
        { "callback_url", Valid with { CallbackUrl = "" } },
        { "callback_url", Valid with { CallbackUrl = "/done" } },
        { "callback_url", Valid with { CallbackUrl = "ftp://example.org" } },
        { "callback_url", Valid with { CallbackUrl = "file:///etc/passwd" } },
    };

    [Theory]
    [MemberData(nameof(Faulty), DisableDiscoveryEnumeration = true)]
    public void Fault_names_the_field_as_the_wire_does(string field, TaskSpec task)
    {
        ValidationFault fault = Assert.Single(TaskSpecValidator.Validate(task));

        Assert.Equal(field, fault.Field);
        Assert.NotEmpty(fault.Message);
    }

    [Fact]
    public void Faults_are_all_reported_at_once()
    {
        TaskSpec task = new()
        {
            TaskId = "?",
            Callable = "f",
            Timeout = TimeSpan.FromSeconds(-5),
            Limits = new TaskLimits { MemoryMb = 0, Pids = 0 },
            CallbackUrl = "x",
        };

        Assert.Equal(
            [
                "task_id: must have 1 to 128 of the characters A-Z a-z 0-9 . _ : -, was \"?\"",
                "code: give exactly one of code, script, command and entrypoint",
                "callable: needs code or script, in which the function is; for an installed module use entrypoint",
                "limits.memory_mb: must be from 1 to 1048576, was 0",
                "limits.pids: must be from 1 to 32768, was 0",
                "timeout: must be over 0 and at most 86400, was -5",
                "callback_url: must be an absolute http or https address, was \"x\"",
            ],
            Faults(task));
    }

    [Theory]
    [InlineData("plugin.train.TrainAction")]
    [InlineData("package.module:function")]
    [InlineData("m:Class.method")]
    [InlineData("_m1:f")]
    public void Entrypoint_with_or_without_function_is_accepted(string entrypoint) =>
        Assert.Empty(TaskSpecValidator.Validate(new TaskSpec { Entrypoint = entrypoint }));

    private static string[] Faults(TaskSpec task) => [.. TaskSpecValidator.Validate(task).Select(fault => fault.ToString())];

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static Dictionary<string, string> Map(string name, string value) => new() { [name] = value };

    private static TaskSpec WithFile(string path) =>
        Valid with { Files = new Dictionary<string, TaskFile> { [path] = new() { Content = "" } } };
}
