using System.Text.Json;
using Executor.Text;

namespace Executor.Wire;

/// <summary>Says in plain words what the JSON reader found wrong.</summary>
public static class JsonFault
{
    /// <summary>The field at which the reader stopped, as messages name it: <c>limits.memory_mb</c>, not <c>$.limits.memory_mb</c>; empty where it is none.</summary>
    /// <param name="exception">What the reader threw.</param>
    public static string FieldOf(JsonException exception) => exception.Path?.TrimStart('$').TrimStart('.') ?? "";

    /// <summary>The exception's message without the position, which is told in other words, and without advice to programmers.</summary>
    /// <param name="exception">What the reader threw.</param>
    public static string Explain(JsonException exception)
    {
        string message = exception.Message;
        foreach (string rest in (ReadOnlySpan<string>)[" Path: ", " LineNumber: ", " which is not supported in this mode", " Change the reader options"])
        {
            int at = message.IndexOf(rest, StringComparison.Ordinal);
            message = at < 0 ? message : message[..at];
        }

        // What it quotes may be all the rest of the text.
        int quoteEnd = message.LastIndexOf("' is ", StringComparison.Ordinal);
        return message.StartsWith('\'') && quoteEnd > 0
            ? QuotedText.Of(message[1..quoteEnd]) + message[(quoteEnd + 1)..].TrimEnd('.')
            : message.TrimEnd('.');
    }
}
