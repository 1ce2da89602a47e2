using System.Text;
using System.Text.Json;
using Executor.Executors;
using Executor.Jobs;
using Executor.Runners.Ssh.Connection;
using Executor.Runners.Ssh.Options;
using Executor.Runners.Ssh.Remote;
using Executor.Tasks;

namespace Executor.Runners.Ssh.Install;

/// <summary>
/// <c>ssh_runtime.install</c>: a Python environment with packages on the host of a code executor. Params: <c>code_executor</c>,
/// <c>packages</c> (optional, as pip names them), <c>python</c> (optional, the one there to make it with) and <c>path</c> (optional: its
/// folder; default: what <c>code_executor_path</c> is in, else one in the user's home). Its log's last line says what to set.
/// </summary>
/// <param name="executors">The hosts there are.</param>
/// <param name="startPython">Starts a Python on one of them, for one of <see cref="RemoteSource"/>'s programs.</param>
internal sealed class InstallRuntimeJob(
    IEnumerable<SshCodeExecutorOptions> executors,
    Func<SshCodeExecutorOptions, CancellationToken, Task<(SshConnection Connection, RemoteCommand Command)>> startPython) : IJobType
{
    /// <summary>Its name.</summary>
    public const string TypeName = "ssh_runtime.install";

    private readonly Dictionary<string, SshCodeExecutorOptions> _executors = executors.ToDictionary(executor => executor.Name, StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Type => TypeName;

    /// <inheritdoc/>
    public IReadOnlyList<ValidationFault> Validate(JsonElement? parameters)
    {
        List<ValidationFault> faults = [];
        _ = InstallRuntimeParams.Read(parameters, _executors.Keys, faults);
        return faults;
    }

    /// <inheritdoc/>
    public string KeyOf(JsonElement? parameters)
    {
        InstallRuntimeParams asked = Read(parameters);
        return string.Join('\n', [asked.CodeExecutor, asked.FolderOn(_executors[asked.CodeExecutor]), asked.Python ?? "", .. asked.Packages]);
    }

    /// <inheritdoc/>
    public async Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        InstallRuntimeParams asked = Read(job.Parameters);
        SshCodeExecutorOptions options = _executors[asked.CodeExecutor];
        job.Log($"connecting to {options.Username}@{options.Host}:{options.Port}");
        (SshConnection connection, RemoteCommand command) = await startPython(options, cancellationToken);
        try
        {
            command.Input.Write(Introduction(asked, options));
            // A thread of its own: reading a channel blocks, and installing takes its time.
            Task<string?> following = Task.Factory.StartNew(
                () => Follow(command, job, options), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            string python = await following.WaitAsync(cancellationToken)
                ?? throw connection.Failure ?? SshFault.Create(options, "the installation ended without saying how it went");
            job.Log(python == options.CodeExecutorPath
                ? $"{python} is ready"
                : $"{python} is ready; to use it, set {SshFault.Setting(options, "code_executor_path")}: {python}");
        }
        catch (IOException lost)
        {
            throw connection.Failure ?? SshFault.Lost(options, lost.Message);
        }
        finally
        {
            await command.DisposeAsync();
            connection.Release();
        }
    }

    private InstallRuntimeParams Read(JsonElement? parameters) =>
        InstallRuntimeParams.Read(parameters, _executors.Keys, []) ?? throw new ArgumentException("The params are not valid.", nameof(parameters));

    /// <returns>The Python of the environment; null: it ended before it was done.</returns>
    private static string? Follow(RemoteCommand command, JobContext job, SshCodeExecutorOptions options)
    {
        using var reader = new StreamReader(command.Output, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            JsonElement said = JsonElement.Parse(line);
            if (said.TryGetProperty("problem", out JsonElement problem))
            {
                throw new JobFailedException(TaskErrorTypes.RuntimeUnavailable, $"On {options.Host}: {problem.GetString()}");
            }

            if (said.TryGetProperty("python", out JsonElement python))
            {
                return python.GetString();
            }

            if (said.TryGetProperty("log", out JsonElement log))
            {
                job.Log(log.GetString()!);
            }

            if (said.TryGetProperty("progress", out JsonElement progress) && progress.ValueKind == JsonValueKind.Number)
            {
                job.Report(progress.GetDouble());
            }
        }

        return null;
    }

    private static byte[] Introduction(InstallRuntimeParams asked, SshCodeExecutorOptions options) =>
        RemoteSource.Introduce(RemoteSource.Installer, json =>
        {
            json.WriteString("path", asked.FolderOn(options));
            json.WriteString("python", asked.Python);
            json.WriteStartArray("packages");
            foreach (string package in asked.Packages)
            {
                json.WriteStringValue(package);
            }

            json.WriteEndArray();
        });
}
