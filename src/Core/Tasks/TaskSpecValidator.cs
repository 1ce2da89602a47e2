using System.Text.Json;

namespace Executor.Tasks;

/// <summary>
/// Says everything that is wrong with a task, by the wire's field names. Whether the language, runner and code executor
/// it names exist is not decided here.
/// </summary>
/// <remarks>
/// What holds: <c>task_id</c> is 1 to 128 of <c>A-Z a-z 0-9 . _ : -</c>; <c>name</c> at most 256 characters without control
/// characters; exactly one of <c>code</c>, <c>script</c>, <c>command</c> and <c>entrypoint</c>; <c>callable</c> only with code
/// or script; paths of <c>files</c> and <c>artifacts</c> are relative with <c>/</c> and without <c>..</c>; numbers are in the
/// ranges that <see cref="TaskSpec"/> and <see cref="Limits.TaskLimits"/> document; lists and maps hold no nulls.
/// </remarks>
public static partial class TaskSpecValidator
{
    private const int MaxIdLength = 128;
    private const int MaxNameLength = 256;

    /// <summary>Every fault of the task; empty when it can be accepted.</summary>
    public static IReadOnlyList<ValidationFault> Validate(TaskSpec task)
    {
        List<ValidationFault> faults = [];
        CheckIdentity(task, faults);
        CheckSource(task, faults);
        CheckInput(task, faults);
        CheckFiles(task, faults);
        CheckPlacement(task, faults);
        CheckLimits(task.Limits, faults);
        CheckRetry(task, faults);
        CheckOutcome(task, faults);
        return faults;
    }

    /// <summary>The fault of a task whose id another task of the same batch has.</summary>
    public static ValidationFault IdGivenTwice(string taskId) => new("task_id", $"'{taskId}' is given twice; each task needs an id of its own");

    private static void CheckIdentity(TaskSpec task, List<ValidationFault> faults)
    {
        if (task.TaskId is not null && !IsTaskId(task.TaskId))
        {
            faults.Add(new("task_id", $"{IdRule}, was {Quote(task.TaskId)}"));
        }

        if (task.Name is string name && (name.Length > MaxNameLength || name.Any(char.IsControl)))
        {
            faults.Add(new("name", $"must have at most {MaxNameLength} characters and no control characters"));
        }

        if (task.Details is JsonElement details)
        {
            CheckJson(details, "details", faults);
        }
    }

    private static void CheckSource(TaskSpec task, List<ValidationFault> faults)
    {
        const string rule = "give exactly one of code, script, command and entrypoint";
        string? first = null;
        foreach ((string field, bool isGiven) in (ReadOnlySpan<(string, bool)>)
            [("code", task.Code is not null), ("script", task.Script is not null), ("command", task.Command is not null), ("entrypoint", task.Entrypoint is not null)])
        {
            if (isGiven && first is not null)
            {
                faults.Add(new(field, $"can't be combined with {first}; {rule}"));
            }

            first ??= isGiven ? field : null;
        }

        if (first is null)
        {
            faults.Add(new("code", rule));
        }

        CheckText(task.Script, "script", faults);
        CheckText(task.Language, "language", faults);
        CheckArguments(task.Command, "command", faults);
        if (task.Command is [] or ["", ..])
        {
            faults.Add(new("command", "must begin with the program to run"));
        }

        if (task.Entrypoint is string entrypoint && !IsEntrypoint(entrypoint))
        {
            faults.Add(new("entrypoint", $"must have the form package.module:function (or package.module), was {Quote(entrypoint)}"));
        }

        if (task.Callable is string callable)
        {
            if (!IsDottedName(callable))
            {
                faults.Add(new("callable", $"must be the name of a function, was {Quote(callable)}"));
            }

            if (task.Code is null && task.Script is null)
            {
                faults.Add(new("callable", "needs code or script, in which the function is; for an installed module use entrypoint"));
            }
        }
    }

    private static void CheckInput(TaskSpec task, List<ValidationFault> faults)
    {
        CheckArguments(task.Args, "args", faults);
        CheckVariables(task.Env, "env", faults);
        if (task.Params is not JsonElement parameters)
        {
            return;
        }

        if (parameters.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new("params", $"must be an object (names and values), was {TaskShape.Describe(parameters)}"));
        }

        CheckJson(parameters, "params", faults);
    }

    private static void CheckOutcome(TaskSpec task, List<ValidationFault> faults)
    {
        if (task.CallbackUrl is string url
            && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)))
        {
            faults.Add(new("callback_url", $"must be an absolute http or https address, was {Quote(url)}"));
        }

        for (int i = 0; i < task.Artifacts?.Count; i++)
        {
            if (PathProblem(task.Artifacts[i]) is string problem)
            {
                faults.Add(new($"artifacts[{i}]", problem));
            }
        }
    }
}
