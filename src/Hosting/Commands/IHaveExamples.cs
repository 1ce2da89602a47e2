namespace Executor.Hosting.Commands;

/// <summary>A command whose help shows examples.</summary>
public interface IHaveExamples
{
    /// <summary>The examples, indented by two spaces; null: none.</summary>
    string? Examples { get; }
}
