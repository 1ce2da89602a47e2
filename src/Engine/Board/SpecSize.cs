using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>About how much memory a task's spec takes, and the spec without most of it.</summary>
internal static class SpecSize
{
    /// <summary>What one is taken to have that has not been read yet: more than most, so that few of unknown size are read at once.</summary>
    public const int Unknown = 4 << 20;

    /// <summary>Up to here it is not worth reading it a second time.</summary>
    public const int Small = 16 << 10;

    private const int Fixed = 600;

    /// <summary>In bytes; the large parts are counted, the rest is taken as a constant.</summary>
    public static int Of(TaskSpec spec) => (int)long.Min(int.MaxValue, Fixed + (2 * TaskSize.Of(spec)));

    /// <summary>What of it is needed after an executor has it: how it is repeated, described and announced.</summary>
    public static TaskSpec WithoutPayload(this TaskSpec spec) => spec with
    {
        Code = null,
        Stdin = null,
        Files = null,
        Params = null,
        Command = null,
        Args = null,
        Env = null,
    };
}
