using System.Text.Json;
using Executor.Executors;
using Executor.Jobs;
using Executor.Runners.Docker.Options;
using Executor.Tasks;

namespace Executor.Runners.Docker;

/// <summary>The job that pulls a code executor's image: <c>{"code_executor": "NAME"}</c>. Its log has a line for each step of each layer.</summary>
/// <param name="executors">The Docker code executors there are.</param>
/// <param name="backend">The engine's backend, asked for when a job runs.</param>
internal sealed class ImageDownload(IReadOnlyList<DockerCodeExecutorOptions> executors, Func<DockerBackend> backend) : IJobType
{
    /// <summary>Its name.</summary>
    public const string TypeName = "docker_image.download";

    private const string Field = "code_executor";

    /// <inheritdoc/>
    public string Type => TypeName;

    /// <inheritdoc/>
    public IReadOnlyList<ValidationFault> Validate(JsonElement? parameters)
    {
        if (parameters is not { ValueKind: JsonValueKind.Object } given || !given.TryGetProperty(Field, out JsonElement name))
        {
            return [new($"params.{Field}", $"is missing; {Known()}")];
        }

        List<ValidationFault> faults = [];
        if (name.ValueKind != JsonValueKind.String)
        {
            faults.Add(new($"params.{Field}", $"must be text: {Known()}"));
        }
        else if (ExecutorOf(given) is null)
        {
            faults.Add(new($"params.{Field}", $"there is no Docker code executor '{name.GetString()}'; {Known()}"));
        }

        faults.AddRange(given.EnumerateObject().Where(other => other.Name != Field)
            .Select(other => new ValidationFault($"params.{other.Name}", $"is not known; there is only {Field}")));
        return faults;
    }

    /// <summary>Code executors that share an image share its download.</summary>
    public string KeyOf(JsonElement? parameters) => ExecutorOf(parameters!.Value)!.Image;

    /// <inheritdoc/>
    public async Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        string image = ExecutorOf(job.Parameters!.Value)!.Image;
        Dictionary<string, string> steps = [];
        job.Log($"pulling {image}");
        try
        {
            await backend().PullAsync(
                image,
                step =>
                {
                    job.Report(step.Fraction);
                    string layer = step.Layer ?? "";
                    bool isNew = !steps.TryGetValue(layer, out string? before) || before != step.Status;
                    steps[layer] = step.Status;
                    // Bytes are told by the beginning and the end of each step; in between the progress says enough.
                    if (isNew)
                    {
                        string size = step.TotalBytes is long total ? $" ({step.CurrentBytes} of {total} bytes)" : "";
                        job.Log(layer.Length == 0 ? step.Status : $"{layer}: {step.Status}{size}");
                    }
                },
                cancellationToken);
        }
        catch (RunnerException failed)
        {
            throw new JobFailedException(failed.ErrorType, failed.Message, failed);
        }

        job.Report(1);
        job.Log($"{image} is there");
    }

    private DockerCodeExecutorOptions? ExecutorOf(JsonElement parameters) =>
        executors.FirstOrDefault(executor => executor.Name == parameters.GetProperty(Field).GetString());

    private string Known() =>
        $"Docker code executors: {string.Join(", ", executors.Select(executor => executor.Name).DefaultIfEmpty("none"))}";
}
