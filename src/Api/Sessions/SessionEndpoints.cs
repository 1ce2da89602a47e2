using System.Net.Mime;
using Executor.Api.Problems;
using Executor.Api.Requests;
using Executor.Execution;
using Executor.Http.Wire;
using Executor.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Executor.Api.Sessions;

/// <summary><c>/sessions</c>, and <c>/session/{id}</c> for what is done with one.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder all = app.MapGroup("/sessions").WithTags("sessions");
        all.MapPost("", OpenAsync)
            .WithMetadata(new BodyDescription(typeof(SessionSpec), [MediaTypeNames.Application.Json]))
            .WithName("open_session")
            .WithSummary("Open a session; answered when its interpreter is ready.");
        all.MapGet("", ListAsync).WithName("list_sessions").WithSummary("The open sessions, oldest first.");
        all.MapGet("/{id}", GetAsync).WithName("get_session").WithSummary("A session as it is now.");
        all.MapDelete("/{id}", CloseAsync).WithName("close_session").WithSummary("Close a session: its processes and files are gone.");

        RouteGroupBuilder one = app.MapGroup("/session/{id}").WithTags("sessions");
        one.MapPost("/execute", ExecuteAsync)
            .WithMetadata(new BodyDescription(typeof(ExecuteRequest), [MediaTypeNames.Application.Json]))
            .Produces<SessionExecution>()
            .Produces<string>(StatusCodes.Status200OK, EventStream.MediaType)
            .WithName("execute")
            .WithSummary("Execute code and wait for its end. With Accept: text/event-stream its output comes as the events stdout and stderr, and the result as end, or as problem why there is none.");
        one.MapPost("/interrupt", InterruptAsync).WithName("interrupt_session").WithSummary("Interrupt what is executed; variables stay.");
        one.MapPost("/restart", RestartAsync).WithName("restart_session").WithSummary("End the interpreter and begin another; files stay, variables are gone.");
        one.MapGet("/ready", ReadyAsync).WithName("get_session_ready").WithSummary("Whether a session can execute code.");
    }

    private static async Task<Created<SessionInfo>> OpenAsync(HttpRequest request, BodyReader bodies, ISessionService service, CancellationToken cancellationToken)
    {
        SessionSpec spec;
        using (RequestBody body = await bodies.ReadJsonAsync(request))
        {
            spec = JsonRequest.Read(body.Bytes.Span, ApiJson.Wire.SessionSpec);
        }

        SessionInfo opened = await service.OpenAsync(spec, cancellationToken);
        return TypedResults.Created($"/sessions/{Uri.EscapeDataString(opened.SessionId)}", opened);
    }

    private static async Task<Ok<SessionList>> ListAsync(ISessionService service, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SessionList(await service.ListAsync(cancellationToken)));

    private static async Task<Ok<SessionInfo>> GetAsync(string id, ISessionService service, CancellationToken cancellationToken) =>
        TypedResults.Ok(await FindAsync(id, service, cancellationToken));

    private static async Task<NoContent> CloseAsync(string id, ISessionService service, CancellationToken cancellationToken) =>
        await service.CloseAsync(ResourceId.Require("session", id), cancellationToken)
            ? TypedResults.NoContent()
            : throw ProblemKinds.NotFound("session", id);

    private static async Task ExecuteAsync(
        string id, HttpContext context, BodyReader bodies, ISessionService service, ApiOptions options, TimeProvider time)
    {
        ResourceId.Require("session", id);
        ExecuteRequest request;
        using (RequestBody body = await bodies.ReadJsonAsync(context.Request))
        {
            request = JsonRequest.Read(body.Bytes.Span, ApiJson.Wire.ExecuteRequest);
        }

        using WaitingScope waiting = new(context);
        if (context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(EventStream.MediaType, StringComparison.OrdinalIgnoreCase)))
        {
            await new ExecutionWriter(context, time, options.KeepAlive).WriteAsync(
                (live, token) => service.ExecuteAsync(id, request, live, token), () => ProblemKinds.NotFound("session", id), waiting.Token);
            return;
        }

        SessionExecution ended = await service.ExecuteAsync(id, request, live: null, waiting.Token) ?? throw ProblemKinds.NotFound("session", id);
        await context.Response.WriteAsJsonAsync(ended, ApiJson.Wire.SessionExecution, cancellationToken: waiting.Token);
    }

    private static async Task<Ok<SessionInfo>> InterruptAsync(string id, ISessionService service, CancellationToken cancellationToken) =>
        await service.InterruptAsync(ResourceId.Require("session", id), cancellationToken)
            ? TypedResults.Ok(await FindAsync(id, service, cancellationToken))
            : throw ProblemKinds.NotFound("session", id);

    private static async Task<Ok<SessionInfo>> RestartAsync(string id, ISessionService service, CancellationToken cancellationToken) =>
        TypedResults.Ok(await service.RestartAsync(ResourceId.Require("session", id), cancellationToken) ?? throw ProblemKinds.NotFound("session", id));

    private static async Task<Ok<SessionReadyAnswer>> ReadyAsync(string id, ISessionService service, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SessionReadyAnswer((await FindAsync(id, service, cancellationToken)).Status is SessionStatus.Ready or SessionStatus.Busy));

    private static async Task<SessionInfo> FindAsync(string id, ISessionService service, CancellationToken cancellationToken) =>
        await service.GetAsync(ResourceId.Require("session", id), cancellationToken) ?? throw ProblemKinds.NotFound("session", id);
}
