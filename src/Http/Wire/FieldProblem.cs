using Executor.Tasks;

namespace Executor.Http.Wire;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Field">The field by its wire name (<c>timeout</c>, <c>tasks[3].limits.memory_mb</c>); empty: the body as a whole.</param>
/// <param name="Message">What was wrong with it, and what would be right.</param>
/// <param name="Line">The line of the body on which the task begins, from 1; null: not one of many.</param>
public sealed record FieldProblem(string Field, string Message, long? Line = null)
{
    /// <summary>A fault as it goes over the wire.</summary>
    public static FieldProblem Of(ValidationFault fault) => new(fault.Field, fault.Message);
}
