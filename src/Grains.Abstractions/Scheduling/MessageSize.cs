using Executor.Executors;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>About how large records are in a message: the parts that can be large.</summary>
public static class MessageSize
{
    private const int Fixed = 400;

    /// <summary>In characters.</summary>
    public static long Of(TaskSpec spec) => Fixed + (spec.Code?.Length ?? 0) + (spec.Stdin?.Length ?? 0) + Of(spec.Files)
        + (spec.Params?.GetRawText().Length ?? 0) + (spec.Details?.GetRawText().Length ?? 0);

    /// <summary>In characters.</summary>
    public static long Of(TaskResult result) => Fixed + result.Stdout.Length + result.Stderr.Length + Of(result.Artifacts)
        + (result.Result?.GetRawText().Length ?? 0) + (result.Details?.GetRawText().Length ?? 0);

    /// <summary>In characters.</summary>
    public static long Of(ExecutorMessage message) => message switch
    {
        ResultMessage result => Of(result.Result),
        OutputMessage piece => piece.Data.Length,
        _ => 0,
    };

    /// <summary>In characters.</summary>
    public static long Of(ServerMessage message) => message is TaskAssignment run ? Of(run.Spec) : 0;

    private static long Of(IReadOnlyDictionary<string, TaskFile>? files) => files?.Values.Sum(file => (long)file.Content.Length) ?? 0;
}
