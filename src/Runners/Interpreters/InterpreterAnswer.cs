using System.Text.Json;
using Executor.Runners.Plans;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

/// <summary>What an interpreter says of an execution. It comes from the process that ran the user's code: nothing about it is trusted.</summary>
internal sealed record InterpreterAnswer
{
    /// <summary>Levels of a value, and the answer around it.</summary>
    private const int MaxDepth = CallableOutcome.MaxDepth + 1;

    public JsonElement? Value { get; private init; }

    public string? Text { get; private init; }

    public TaskError? Error { get; private init; }

    /// <summary>Never throws: what can't be read is an error of type <see cref="TaskErrorTypes.ResultError"/>.</summary>
    public static InterpreterAnswer Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return CallableOutcome.HasWholeStrings(json.Span) ? Read(document.RootElement) ?? Unreadable : Unreadable;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return Unreadable;
        }
    }

    private static InterpreterAnswer Unreadable => new()
    {
        Error = new TaskError { Type = TaskErrorTypes.ResultError, Message = "the interpreter's answer can't be read: the code must have changed it" },
    };

    private static InterpreterAnswer? Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        TaskError? error = null;
        if (answer.TryGetProperty("error", out JsonElement said))
        {
            if (TextOf(said, "type") is not { Length: > 0 } type || TextOf(said, "message") is not string message)
            {
                return null;
            }

            error = new TaskError
            {
                Type = type,
                Message = message.Length > 0 ? message : type,
                Traceback = TextOf(said, "traceback") is { Length: > 0 } traceback ? traceback : null,
            };
        }

        return new InterpreterAnswer
        {
            Value = answer.TryGetProperty("value", out JsonElement value) ? value.Clone() : null,
            Text = TextOf(answer, "text"),
            Error = error,
        };
    }

    private static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
