namespace Executor.Tasks;

/// <summary>About how much text a task or a result is: the parts that may be large, in characters. In memory each takes two bytes.</summary>
public static class TaskSize
{
    /// <summary>Of what was asked.</summary>
    public static long Of(TaskSpec spec) => Length(spec.Code) + Length(spec.Stdin) + Of(spec.Files) + (spec.Params?.GetRawText().Length ?? 0)
        + (spec.Details?.GetRawText().Length ?? 0) + Of(spec.Command) + Of(spec.Args) + Of(spec.Env?.Values);

    /// <summary>Of what came of it.</summary>
    public static long Of(TaskResult result) => OfOutput(result) + Length(result.Compile?.Stdout) + Length(result.Compile?.Stderr) + Of(result.Artifacts)
        + (result.Result?.GetRawText().Length ?? 0) + (result.Details?.GetRawText().Length ?? 0);

    /// <summary>Of its two streams.</summary>
    public static long OfOutput(TaskResult result) => result.Stdout.Length + (long)result.Stderr.Length;

    private static long Length(string? text) => text?.Length ?? 0;

    private static long Of(IEnumerable<string>? texts) => texts?.Sum(text => (long)text.Length) ?? 0;

    private static long Of(IReadOnlyDictionary<string, TaskFile>? files) => files?.Values.Sum(file => (long)file.Content.Length) ?? 0;
}
