using Executor.Tasks;

namespace Executor.Sessions;

/// <summary>Says everything that is wrong with what is asked of sessions, by the wire's field names. The rules of a task's fields hold for those of the same name.</summary>
public static class SessionValidator
{
    /// <summary>Every fault of the spec; empty when it can be accepted.</summary>
    public static IReadOnlyList<ValidationFault> Validate(SessionSpec spec)
    {
        List<ValidationFault> faults =
        [
            .. TaskSpecValidator.Validate(spec.ToTask("") with { TaskId = spec.SessionId })
                .Select(fault => fault.Field == "task_id" ? fault with { Field = "session_id" } : fault),
        ];
        TaskSpecValidator.CheckAmount(spec.IdleTimeout?.TotalSeconds, SessionOptions.MaxIdleTimeout.TotalSeconds, "idle_timeout", faults);
        return faults;
    }

    /// <summary>Every fault of the request; empty when it can be accepted.</summary>
    public static IReadOnlyList<ValidationFault> Validate(ExecuteRequest request)
    {
        List<ValidationFault> faults =
            request.Code is null ? [new("code", "must be there: the source text to execute")] : [];
        TaskSpecValidator.CheckAmount(request.Timeout?.TotalSeconds, TaskSpecValidator.SecondsADay, "timeout", faults);
        return faults;
    }
}
