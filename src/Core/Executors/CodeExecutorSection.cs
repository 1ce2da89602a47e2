namespace Executor.Executors;

/// <summary>A section of <c>code_executors</c>: the entries of one runner.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Read">Reads an entry, by its name. What is wrong with it is reported to the entry; what comes back then is not used.</param>
public sealed record CodeExecutorSection(string Name, Func<string, ICodeExecutorEntry, CodeExecutorOptions> Read);
