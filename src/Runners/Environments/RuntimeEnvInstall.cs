using System.Text.Json;
using Executor.Executors;
using Executor.Jobs;
using Executor.Runtimes;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Runners.Environments;

/// <summary>The job that installs a runtime environment: for tasks that wait for it, or ahead of them.</summary>
/// <param name="environments">Installs them.</param>
/// <param name="catalog">The runtimes there are.</param>
/// <param name="executors">The code executors of this machine. The first one is the default.</param>
public sealed class RuntimeEnvInstall(RuntimeEnvironments environments, RuntimeCatalog catalog, IReadOnlyList<CodeExecutorOptions> executors) : IJobType
{
    /// <summary>Its name.</summary>
    public const string TypeName = "runtime_env.install";

    /// <inheritdoc/>
    public string Type => TypeName;

    /// <summary>What the job is asked with to install an environment.</summary>
    internal static JsonElement ParametersOf(EnvironmentRequest request) => JsonSerializer.SerializeToElement(
        new RuntimeEnvParameters { Packages = request.Canonical, Language = request.Runtime.Name, Executor = request.CodeExecutor.Name },
        RuntimeEnvJson.Default.RuntimeEnvParameters);

    /// <inheritdoc/>
    public IReadOnlyList<ValidationFault> Validate(JsonElement? parameters)
    {
        if (parameters is not JsonElement given)
        {
            return [new("params.packages", "is missing")];
        }

        List<ValidationFault> faults = TaskShape.Check(given, RuntimeEnvJson.Default.RuntimeEnvParameters);
        if (faults.Count == 0)
        {
            RuntimeEnvParameters read = Read(given);
            RuntimeDefinition? runtime = catalog.Find(read.Language);
            if (read.Packages is not { Count: > 0 })
            {
                faults.Add(new("packages", "must name at least one package"));
            }

            TaskSpecValidator.CheckPackages(read.Packages, "packages", faults);
            if (runtime?.Family != "python")
            {
                faults.Add(new("language", runtime is null ? catalog.DescribeUnknown(read.Language) : $"must be a Python runtime; {runtime.Name} has no packages here"));
            }

            if (ExecutorOf(read) is null)
            {
                faults.Add(new("executor", $"there is no local code executor {QuotedText.Of(read.Executor!)}"));
            }
        }

        return [.. faults.Select(fault => fault with { Field = fault.Field.Length == 0 ? "params" : $"params.{fault.Field}" })];
    }

    /// <inheritdoc/>
    public string KeyOf(JsonElement? parameters)
    {
        EnvironmentRequest request = RequestOf(parameters!.Value);
        return string.Join('\n', [request.Runtime.Name, request.CodeExecutor.Name, .. request.Canonical]);
    }

    /// <inheritdoc/>
    public async Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        try
        {
            await environments.InstallAsync(RequestOf(job.Parameters!.Value), new InstallProgress(job.Log, job.Report), cancellationToken);
        }
        catch (RuntimeEnvironmentException failed)
        {
            throw new JobFailedException(failed.ErrorType, failed.Message, failed);
        }
    }

    private EnvironmentRequest RequestOf(JsonElement parameters)
    {
        RuntimeEnvParameters read = Read(parameters);
        return new EnvironmentRequest(catalog.Find(read.Language)!, ExecutorOf(read)!, read.Packages);
    }

    private CodeExecutorOptions? ExecutorOf(RuntimeEnvParameters read) =>
        read.Executor is null ? executors[0] : CodeExecutorChoice.Named(executors, read.Executor);

    private static RuntimeEnvParameters Read(JsonElement parameters) => parameters.Deserialize(RuntimeEnvJson.Default.RuntimeEnvParameters)!;
}
