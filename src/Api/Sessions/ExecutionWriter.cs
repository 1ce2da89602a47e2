using System.Text.Json;
using System.Threading.Channels;
using Executor.Api.Problems;
using Executor.Api.Requests;
using Executor.Http.Wire;
using Executor.Sessions;
using Executor.Tasks;
using Executor.Text;
using Microsoft.AspNetCore.Http;

namespace Executor.Api.Sessions;

/// <summary>Writes what is executed in a session as server-sent events. A slow reader slows the program down.</summary>
/// <param name="context">The request.</param>
/// <param name="time">The clock.</param>
/// <param name="keepAlive">How long the stream may be silent before a comment is sent.</param>
internal sealed class ExecutionWriter(HttpContext context, TimeProvider time, TimeSpan keepAlive)
{
    private const int EventsAhead = 16;

    private readonly Channel<byte[]> _events = Channel.CreateBounded<byte[]>(EventsAhead);
    private readonly StreamText _stdout = new();
    private readonly StreamText _stderr = new();

    /// <summary>Executes and writes.</summary>
    /// <param name="execute">Executes; null where there is no such session.</param>
    /// <param name="notFound">What is answered then.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task WriteAsync(
        Func<OutputReceiver, CancellationToken, Task<SessionExecution?>> execute, Func<Exception> notFound, CancellationToken cancellationToken)
    {
        Task executing = ExecuteAsync(execute, notFound, cancellationToken);
        bool hasBegun = false;
        while (await WaitAsync() is bool isSilent)
        {
            // What is refused at once is answered as a problem, as long as nothing was sent.
            if (!hasBegun)
            {
                await context.BeginStreamAsync(EventStream.MediaType, cancellationToken);
                hasBegun = true;
            }

            if (isSilent)
            {
                await context.Response.SendAsync(EventStream.Silence, cancellationToken);
            }

            while (_events.Reader.TryRead(out byte[]? next))
            {
                await context.Response.SendAsync(next, cancellationToken);
            }
        }

        try
        {
            await executing;
        }
        // The answer has begun: its status can't say any more what went wrong.
        catch (Exception failed) when (hasBegun && ProblemKinds.Of(failed).Problem is { Status: not StatusCodes.Status500InternalServerError } problem)
        {
            await context.Response.SendAsync(EventStream.Event("problem", JsonSerializer.Serialize(problem, ApiJson.Wire.Problem)), cancellationToken);
        }
    }

    private async Task ExecuteAsync(
        Func<OutputReceiver, CancellationToken, Task<SessionExecution?>> execute, Func<Exception> notFound, CancellationToken cancellationToken)
    {
        try
        {
            SessionExecution ended = await execute(ReceiveAsync, cancellationToken) ?? throw notFound();
            await _events.Writer.WriteAsync(
                EventStream.Event("end", JsonSerializer.Serialize(ended, ApiJson.Wire.SessionExecution)), cancellationToken);
        }
        finally
        {
            _events.Writer.Complete();
        }
    }

    private ValueTask ReceiveAsync(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        (string name, StreamText decoder) = stream == OutputStream.Stdout ? ("stdout", _stdout) : ("stderr", _stderr);
        string text = decoder.Decode(data.Span);
        return text.Length == 0
            ? ValueTask.CompletedTask
            : _events.Writer.WriteAsync(EventStream.Event(name, JsonSerializer.Serialize(new OutputPiece(text), ApiJson.Wire.OutputPiece)), cancellationToken);
    }

    /// <returns>Whether nothing happened for long; null: nothing will any more.</returns>
    private async Task<bool?> WaitAsync()
    {
        Task<bool> more = _events.Reader.WaitToReadAsync().AsTask();
        try
        {
            return await more.WaitAsync(keepAlive, time) ? false : null;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }
}
