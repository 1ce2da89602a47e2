using System.Diagnostics;
using System.Globalization;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Benchmarks.Storage;

/// <summary>What is measured of a store.</summary>
internal static class Measurement
{
    private static int s_ids;

    /// <summary>Many callers at once, each submitting a task and then completing it; then one caller alone.</summary>
    public static async Task RunAsync(string name, ITaskStore store, int tasks, int callers)
    {
        await RunCallersAsync(store, tasks / 10, callers);
        double seconds = await RunCallersAsync(store, tasks, callers);
        List<double> alone = [];
        for (int i = 0; i < 300; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await SubmitAndCompleteAsync(store);
            alone.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        alone.Sort();
        Print($"{name,-36} {tasks / seconds,8:0} submitted and completed/s   alone: p50 {alone[150]:0.00} ms, p99 {alone[297]:0.00} ms for both");
        IReadOnlyDictionary<ExecutionStatus, long> counts = await store.CountAsync(CancellationToken.None);
        if (counts[ExecutionStatus.Completed] != s_ids || counts.Values.Sum() != s_ids)
        {
            throw new InvalidOperationException($"Of {s_ids} tasks {counts[ExecutionStatus.Completed]} are COMPLETED.");
        }

        s_ids = 0;
    }

    /// <summary>Many waiting tasks: stored in one call, then read back as a restart does.</summary>
    public static async Task RunWaitingAsync(string name, ITaskStore store, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i += 10_000)
        {
            await store.SubmitAsync(
                [.. Enumerable.Range(i, int.Min(10_000, count - i)).Select(_ => Submission())], CancellationToken.None);
        }

        TimeSpan submitted = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        long read = 0;
        await foreach (TaskRecord task in store.ReadOpenAsync(CancellationToken.None))
        {
            read += task.State.Attempt;
        }

        TimeSpan reading = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        await store.CountAsync(CancellationToken.None);
        TimeSpan counting = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        await store.ListAsync(new TaskFilter { Status = ExecutionStatus.Pending }, 100, null, CancellationToken.None);
        TimeSpan listing = Stopwatch.GetElapsedTime(start);
        Print($"{name,-36} {count} waiting tasks: stored in {submitted.TotalSeconds:0.0} s, {read} read in {reading.TotalSeconds:0.0} s, counted in {counting.TotalMilliseconds:0} ms, a page listed in {listing.TotalMilliseconds:0} ms, {Environment.WorkingSet >> 20} MiB resident");
    }

    private static async Task<double> RunCallersAsync(ITaskStore store, int tasks, int callers)
    {
        int left = tasks;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await SubmitAndCompleteAsync(store);
            }
        })));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task SubmitAndCompleteAsync(ITaskStore store)
    {
        TaskSubmission submission = Submission();
        await store.SubmitAsync(submission, CancellationToken.None);
        var result = new TaskResult
        {
            TaskId = submission.Spec.TaskId!,
            Status = ExecutionStatus.Completed,
            ExitCode = 0,
            Stdout = "1\n",
            StartTimeMs = 1_900_000_000_000,
            EndTimeMs = 1_900_000_000_001,
            DurationSec = 0.001,
            ExecutorType = RunnerKind.Localhost,
            ExecutorId = "local",
            RuntimeId = "python",
            Hostname = "host",
        };
        if (await store.CompleteAsync(new TaskCompletion(result), CancellationToken.None) != WriteOutcome.Recorded)
        {
            throw new InvalidOperationException("A completion was not recorded.");
        }
    }

    private static TaskSubmission Submission()
    {
        string id = Interlocked.Increment(ref s_ids).ToString(CultureInfo.InvariantCulture);
        return new TaskSubmission(new TaskSpec { TaskId = $"task-{id}", Language = "python", Code = "print(1)" }, DateTimeOffset.UtcNow);
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
