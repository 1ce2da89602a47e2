using System.Globalization;
using Executor.Api.Requests;
using Executor.Execution;
using Executor.Http.Wire;
using Executor.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Executor.Api.Callbacks;

/// <summary><c>/callbacks</c>.</summary>
internal static class CallbackEndpoints
{
    private const int DefaultPage = 100;

    private static readonly QueryParameters ListQuery = new(
    [
        new("state", "WAITING or DEAD. Default: both."),
        new("limit", "How many: 1 to 1,000. Default 100.", "integer"),
        new("cursor", "The last page's next_cursor. Default: from the newest."),
    ]);

    private static readonly (string Word, CallbackState Value)[] States =
        [.. Enum.GetValues<CallbackState>().Select(state => (state.ToString().ToUpperInvariant(), state))];

    public static void MapCallbacks(this IEndpointRouteBuilder app) => app.MapGet("/callbacks", ListAsync)
        .WithMetadata(ListQuery)
        .WithTags("callbacks")
        .WithName("list_callbacks")
        .WithSummary("Results that have not been delivered to callback_url, those of the newest tasks first.");

    private static async Task<Ok<CallbackList>> ListAsync(HttpRequest request, ITaskService service, CancellationToken cancellationToken)
    {
        QueryReader query = new(request);
        CallbackState? state = query.Choice("state", States);
        int limit = query.Integer("limit", 1, 1_000, DefaultPage);
        long? cursor = query.Parsed<long>(
            "cursor", "the next_cursor of a page", text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long found) ? found : null);
        query.ThrowIfBad();
        CallbackPage page = await service.ListCallbacksAsync(state, limit, cursor, cancellationToken);
        return TypedResults.Ok(new CallbackList
        {
            Callbacks = [.. page.Callbacks.Select(CallbackDetail.Of)],
            NextCursor = page.Next?.ToString(CultureInfo.InvariantCulture),
        });
    }
}
