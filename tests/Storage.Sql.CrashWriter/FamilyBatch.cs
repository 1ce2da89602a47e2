using System.Globalization;
using Executor.Tasks;

namespace Executor.Storage.Sql.CrashWriter;

/// <summary>Many children of one parent, which comes last.</summary>
public static class FamilyBatch
{
    /// <summary>The batch of a name: always the same tasks.</summary>
    public static IReadOnlyList<TaskSubmission> Of(string name, int children) =>
    [
        .. Enumerable.Range(0, children).Select(i => Submission(string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"), [$"{name}-parent"])),
        Submission($"{name}-parent", null),
    ];

    private static TaskSubmission Submission(string id, IReadOnlyList<string>? dependsOn) =>
        new(new TaskSpec { TaskId = id, Code = "print(1)", Language = "python", DependsOn = dependsOn }, DateTimeOffset.UtcNow);
}
