using Executor.Sessions;

namespace Executor.Http.Wire;

/// <summary>The open sessions.</summary>
/// <param name="Sessions">Oldest first.</param>
public sealed record SessionList(IReadOnlyList<SessionInfo> Sessions);

/// <summary>The answer of <c>/session/{id}/ready</c>.</summary>
/// <param name="Ready">Whether it can execute code: its interpreter is there, busy or not.</param>
public sealed record SessionReadyAnswer(bool Ready);
