using System.Globalization;
using Executor.Http.Wire;
using Executor.Storage;

namespace Executor.Http;

internal sealed partial class HttpTasks
{
    /// <inheritdoc/>
    public async Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        (List<CallbackRecord> callbacks, long? next) = await LongPage.ReadAsync<CallbackRecord, long>(limit, after, async (count, cursor) =>
        {
            CallbackPage page = await ListCallbackPieceAsync(state, count, cursor, cancellationToken);
            return (page.Callbacks, page.Next);
        });
        return new CallbackPage(callbacks, next);
    }

    private async Task<CallbackPage> ListCallbackPieceAsync(CallbackState? state, int limit, long? after, CancellationToken cancellationToken)
    {
        string query = HttpAsk.Query(
        [
            ("state", state?.ToString().ToUpperInvariant()),
            ("limit", limit.ToString(CultureInfo.InvariantCulture)),
            ("cursor", after?.ToString(CultureInfo.InvariantCulture)),
        ]);
        return (await connection.SendAsync(new HttpAsk(HttpMethod.Get, $"callbacks{query}"), ApiJson.Wire.CallbackList, PageOf, cancellationToken)).Value!;
    }

    private static CallbackPage PageOf(CallbackList list) => new(
        [.. list.Callbacks.Select(callback => callback.ToRecord())],
        list.NextCursor is null ? null
            : long.TryParse(list.NextCursor, NumberStyles.None, CultureInfo.InvariantCulture, out long next) ? next
            : throw new ArgumentException("The cursor is none."));
}
