using Executor.Executors;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>About how large records are in a message: the parts that can be large.</summary>
public static class MessageSize
{
    private const int Fixed = 400;

    /// <summary>In characters.</summary>
    public static long Of(TaskSpec spec) => Fixed + TaskSize.Of(spec);

    /// <summary>In characters.</summary>
    public static long Of(TaskResult result) => Fixed + TaskSize.Of(result);

    /// <summary>In characters.</summary>
    public static long Of(ExecutorMessage message) => message switch
    {
        ResultMessage result => Of(result.Result),
        OutputMessage piece => piece.Data.Length,
        _ => 0,
    };

    /// <summary>In characters.</summary>
    public static long Of(ServerMessage message) => message is TaskAssignment run ? Of(run.Spec) : 0;
}
