namespace Executor.Tasks;

/// <summary>One thing wrong with an input: the field by its wire name, what was wrong, and what would be right.</summary>
public sealed record ValidationFault(string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Field.Length == 0 ? Message : $"{Field}: {Message}";
}
