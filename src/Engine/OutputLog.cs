using System.Runtime.CompilerServices;
using System.Text;
using Executor.Execution;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Engine;

/// <summary>A live task's output, for watchers that come and go. Safe to call from many threads.</summary>
internal sealed class OutputLog
{
    /// <summary>Characters kept of each stream; what an executor sends beyond is left to the result.</summary>
    private const int MaxLength = 16 << 20;

    private readonly Lock _lock = new();
    private readonly List<TaskOutput> _pieces = [];
    private StreamText _stdout = new();
    private StreamText _stderr = new();
    private int _attempt;
    private TaskResult? _result;
    private TaskCompletionSource? _changed;

    /// <summary>Takes a piece of an attempt's output. The first of a new attempt replaces all of the one before.</summary>
    public void Append(int attempt, OutputStream stream, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            if (_result is not null || attempt < _attempt)
            {
                return;
            }

            if (attempt > _attempt)
            {
                _attempt = attempt;
                _pieces.Clear();
                (_stdout, _stderr) = (new StreamText(), new StreamText());
            }

            StreamText text = stream == OutputStream.Stdout ? _stdout : _stderr;
            if (text.Length < MaxLength && text.Decode(data) is { Length: > 0 } piece)
            {
                _pieces.Add(new TaskOutput(new OutputPosition(_attempt, _stdout.Length, _stderr.Length), stream, piece));
                Signal();
            }
        }
    }

    /// <summary>Nothing follows but what of the result's output has not come live.</summary>
    public void End(TaskResult result)
    {
        lock (_lock)
        {
            _result ??= result;
            Signal();
        }
    }

    /// <summary>What comes after a position, then what comes.</summary>
    public async IAsyncEnumerable<TaskEvent> ReadAsync(
        OutputPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int next = 0;
        while (true)
        {
            TaskEvent? found = null;
            Task changed = Task.CompletedTask;
            TaskResult? result = null;
            lock (_lock)
            {
                if (_attempt > after.Attempt && _pieces.Count > 0)
                {
                    after = new OutputPosition(_attempt, 0, 0);
                    next = 0;
                }

                while (found is null && next < _pieces.Count)
                {
                    found = OutputText.Rest(_pieces[next++], after);
                }

                if (found is null)
                {
                    result = _result;
                    changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }
            }

            if (found is TaskOutput piece)
            {
                after = piece.Position;
                yield return piece;
            }
            else if (result is not null)
            {
                foreach (TaskEvent last in OutputText.Of(result, after))
                {
                    yield return last;
                }

                yield break;
            }
            else
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    private void Signal()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
