namespace Executor.Http.Wire;

/// <summary>The answer of <c>/health</c>.</summary>
/// <param name="Status">Always <c>ok</c>: a process that answers is alive.</param>
public sealed record HealthAnswer(string Status);

/// <summary>The answer of <c>/ready</c>.</summary>
/// <param name="Ready">Always true: a service that can't take tasks answers with a problem instead.</param>
/// <param name="Quarantined">Executors that are given nothing since their own machinery fails; null: none.</param>
public sealed record ReadyAnswer(bool Ready, IReadOnlyList<string>? Quarantined = null);
