using Executor.Limits;
using Executor.Tasks;

namespace Executor.Runners.Workspaces;

/// <summary>A process to start.</summary>
public sealed record ProcessSpec
{
    /// <summary>Program and arguments; the program is a path or looked for on the workspace's PATH.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>The whole environment: nothing is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    /// <summary>Limits of its process tree.</summary>
    public required EffectiveLimits Limits { get; init; }

    /// <summary>Whether <see cref="IRunningProcess.StandardInput"/> will be written to; otherwise standard input is empty.</summary>
    public bool HasInput { get; init; }

    /// <summary>
    /// Whether <c>Argv</c> is <c>[interpreter, option…, script, …]</c> of the workspace's interpreter and may be served by a warm one.
    /// Only faster: what the script can observe is the same.
    /// </summary>
    public bool MayBeWarm { get; init; }

    /// <summary>Whether each piece of output is passed on at once, instead of waiting a moment for the next: for one who waits for answers.</summary>
    public bool Answers { get; init; }

    /// <summary>Whether its standard error is its standard output: everything is then received as <see cref="OutputStream.Stdout"/>.</summary>
    public bool MergeOutput { get; init; }

    /// <summary>Receives output as it comes, in order within a stream. Slow receivers slow the process down.</summary>
    public required OutputReceiver Output { get; init; }
}
