namespace Executor.Executors;

/// <summary>What stores keep of a code executor with each of its results.</summary>
/// <param name="Table">Whose table it is kept in: <c>docker</c> is <c>docker_executors</c>.</param>
/// <param name="Columns">The columns' names and values: a text or null, an <c>int</c> or a <c>double</c>. Of one table always the same names and types.</param>
public sealed record StoredCodeExecutor(string Table, IReadOnlyList<(string Name, object? Value)> Columns);
