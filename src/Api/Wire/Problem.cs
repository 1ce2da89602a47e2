using Executor.Tasks;

namespace Executor.Api.Wire;

/// <summary>Why a request did not succeed: RFC 9457, <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    /// <summary>Which kind it is, for programs: <c>urn:executor:problem:…</c>, see <c>docs/http-api.md</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong with this request, and what would be right.</summary>
    public string? Detail { get; init; }

    /// <summary>Every bad field, where there are any; at most 100 are listed.</summary>
    public IReadOnlyList<FieldProblem>? Errors { get; init; }
}

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Field">The field by its wire name (<c>timeout</c>, <c>tasks[3].limits.memory_mb</c>); empty: the body as a whole.</param>
/// <param name="Message">What was wrong with it, and what would be right.</param>
/// <param name="Line">The line of the body on which the task begins, from 1; null: not one of many.</param>
public sealed record FieldProblem(string Field, string Message, long? Line = null)
{
    /// <summary>A fault as it goes over the wire.</summary>
    public static FieldProblem Of(ValidationFault fault) => new(fault.Field, fault.Message);
}
