using System.Net.Mime;
using Executor.Api.Problems;
using Executor.Api.Requests;
using Executor.Configuration.Batches;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Api.Tasks;

/// <summary>Reads tasks out of requests, and says everything that is wrong with them.</summary>
internal static class TaskBodies
{
    /// <summary>Tasks in one batch at most; a longer list is sent in pieces.</summary>
    public const int MaxBatch = 10_000;

    /// <summary>How a batch may be written: a JSON list or <c>{"tasks": […]}</c>, a task a line, or YAML.</summary>
    public static readonly string[] BatchTypes =
        [MediaTypeNames.Application.Json, "application/x-ndjson", "application/jsonl", "application/yaml"];

    /// <exception cref="ProblemException">It is not valid.</exception>
    public static TaskSpec ReadOne(RequestBody body)
    {
        TaskReading reading = TaskSpecReader.Read(body.Bytes.Span);
        return reading.Task ?? throw ProblemKinds.Invalid(reading.Faults);
    }

    /// <exception cref="ProblemException">At least one task is not valid; every fault is named.</exception>
    public static async Task<List<TaskSpec>> ReadManyAsync(RequestBody body, string type, CancellationToken cancellationToken)
    {
        await using MemoryStream stream = body.ToStream();
        List<TaskSpec> tasks = [];
        List<FieldProblem> problems = [];
        HashSet<string> ids = [];
        int place = 0;
        try
        {
            await foreach (TaskBatchEntry entry in TaskBatchReader.ReadAsync(stream, NameOf(type), cancellationToken))
            {
                if (place == MaxBatch)
                {
                    throw ProblemKinds.Invalid("tasks", $"are more than {MaxBatch}; send at most {MaxBatch} at once");
                }

                IReadOnlyList<ValidationFault> faults = entry.Reading.Faults;
                if (entry.Reading.Task is TaskSpec task)
                {
                    tasks.Add(task);
                    // The service says it, too, but only where it gets to see the tasks.
                    faults = task.TaskId is string id && !ids.Add(id) ? [TaskSpecValidator.IdGivenTwice(id)] : faults;
                }

                string prefix = $"tasks[{place++}]";
                problems.AddRange(faults.Select(fault =>
                    new FieldProblem(fault.Field.Length == 0 ? prefix : $"{prefix}.{fault.Field}", fault.Message, entry.Line)));
            }
        }
        catch (TaskBatchException broken)
        {
            throw ProblemKinds.Invalid("", broken.Message);
        }

        return problems.Count == 0 ? tasks : throw ProblemKinds.Invalid(problems);
    }

    /// <summary>The reader tells the form by a file's extension.</summary>
    private static string NameOf(string type) => type switch
    {
        MediaTypeNames.Application.Json => "body.json",
        "application/yaml" => "body.yaml",
        _ => "body.jsonl",
    };
}
