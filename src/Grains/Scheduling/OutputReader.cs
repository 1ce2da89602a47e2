using Executor.Engine;
using Executor.Execution;

namespace Executor.Grains.Scheduling;

/// <summary>Reads a task's output piece by piece, for watchers who ask again and again.</summary>
internal static class OutputReader
{
    private const int MaxPieces = 1_000;
    private const int MaxCharacters = 1 << 20;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>What there is after a position; waits for the first piece.</summary>
    public static async Task<OutputChunk> ReadAsync(ExecutionEngine engine, string taskId, OutputPosition after)
    {
        List<TaskOutput> found = [];
        int characters = 0;
        using CancellationTokenSource timeLimit = new(TimeLimit);
        try
        {
            await using IAsyncEnumerator<TaskEvent> events = engine.WatchAsync(taskId, after, timeLimit.Token).GetAsyncEnumerator();
            while (found.Count < MaxPieces && characters < MaxCharacters)
            {
                ValueTask<bool> next = events.MoveNextAsync();
                if (!next.IsCompleted && found.Count > 0)
                {
                    // What there is goes out; the wait is for the next call.
                    await timeLimit.CancelAsync();
                }

                if (!await next)
                {
                    return new OutputChunk(found, null, IsOver: true);
                }

                if (events.Current is OutputEnded ended)
                {
                    return new OutputChunk(found, ended.Result, IsOver: true);
                }

                TaskOutput piece = (TaskOutput)events.Current;
                found.Add(piece);
                characters += piece.Text.Length;
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing more for now.
        }

        return new OutputChunk(found, null, IsOver: false);
    }
}
