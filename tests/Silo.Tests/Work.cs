using System.Globalization;
using System.Net.Http.Json;

namespace Executor.Silo;

/// <summary>What the tasks of a test do. Each says its id, so that it can be told whether it ended with its own output.</summary>
/// <param name="Code">What is run; <c>$id</c> stands for the task's id.</param>
/// <param name="Language">Its language.</param>
/// <param name="UseSandbox">Whether it is kept from the machine's files.</param>
/// <param name="CallbackUrl">Where its result is posted; null: nowhere.</param>
internal sealed record Work(string Code, string Language = "python", bool UseSandbox = true, string? CallbackUrl = null)
{
    private const int MaxBatch = 250;

    /// <summary>Ends at once.</summary>
    public static Work Quick { get; } = new("print('$id')");

    /// <summary>Long enough to be in the middle of when something happens.</summary>
    public static Work Short { get; } = new("import time; time.sleep(0.05); print('$id')");

    /// <summary>How many tasks a test has in the middle of which something fails: <c>EXECUTOR_FAULT_TASKS</c>.</summary>
    public static int Tasks { get; } = FaultSize.Tasks(300);

    /// <summary>How many it has when nothing fails.</summary>
    public static int ManyTasks => 4 * Tasks;

    /// <summary>Adds a line to a file in one write each time it is run, recorded or not.</summary>
    public static Work Noted(string path) => new($"echo $id >> '{path}'; echo $id", "bash", UseSandbox: false);

    /// <summary>Ids of so many tasks.</summary>
    public static IReadOnlyList<string> Ids(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}"))];

    /// <summary>What to post to <c>/tasks/batch</c>, one after the other.</summary>
    public IEnumerable<JsonContent> Batches(IEnumerable<string> ids) => ids.Chunk(MaxBatch).Select(chunk => JsonContent.Create(new
    {
        tasks = chunk.Select(id => new
        {
            task_id = id,
            language = Language,
            code = Code.Replace("$id", id, StringComparison.Ordinal),
            use_sandbox = UseSandbox,
            callback_url = CallbackUrl,
        }),
    }));
}
