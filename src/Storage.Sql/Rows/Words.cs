using Executor.Tasks;

namespace Executor.Storage.Sql.Rows;

/// <summary>Statuses and kinds of runner as the tables spell them: as on the wire.</summary>
internal static class Words
{
    private static readonly string[] Statuses = ["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"];
    private static readonly string[] Runners = ["localhost", "docker", "ssh"];

    public static string Of(ExecutionStatus status) => Statuses[(int)status];

    public static string? Of(RunnerKind? runner) => runner is RunnerKind kind ? Runners[(int)kind] : null;

    public static ExecutionStatus Status(string word) => (ExecutionStatus)IndexOf(Statuses, word);

    public static RunnerKind? Runner(string? word) => word is null ? null : (RunnerKind)IndexOf(Runners, word);

    private static int IndexOf(string[] words, string word) => Array.IndexOf(words, word) is >= 0 and int index
        ? index
        : throw new StorageException($"The database holds the word \"{word}\"; known are {string.Join(", ", words)}.", isTransient: false);
}
