using System.Text.Json;
using System.Text.Unicode;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>What a call left in <see cref="ExecutionPlan.ResultFile"/>. The bytes come from the task's own process: nothing about them is trusted.</summary>
public sealed record CallableOutcome
{
    /// <summary>The largest result file that is read: 16 MiB.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The deepest nesting of a value: with the result around it, it must fit into 64 levels everywhere on its way.</summary>
    public const int MaxDepth = 60;

    private CallableOutcome(JsonElement? value, TaskError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The function's value (JSON null where it returned nothing); null when there is an error.</summary>
    public JsonElement? Value { get; }

    /// <summary>The exception of the user's code, or <see cref="TaskErrorTypes.ResultError"/>; null when there is a value.</summary>
    public TaskError? Error { get; }

    /// <summary>The program ended without leaving a result: it left by itself (<c>sys.exit</c>, <c>os._exit</c>, <c>process.exit</c>).</summary>
    public static CallableOutcome NotWritten(int exitCode) =>
        Unusable($"the program ended (exit code {exitCode}) before the function returned");

    /// <summary>Reads a result file. Never throws: what can't be read is an error of type <see cref="TaskErrorTypes.ResultError"/>.</summary>
    public static CallableOutcome Parse(ReadOnlyMemory<byte> content)
    {
        if (content.Length > MaxBytes)
        {
            return Unusable($"the function's value takes {content.Length / 1048576.0:0.0} MiB as JSON; the most is {MaxBytes / 1048576} MiB (write a file and ask for it as an artifact)");
        }

        try
        {
            if (!Utf8.IsValid(content.Span) || !HasWholeStrings(content.Span))
            {
                return Unusable("the function's value has text that is not valid Unicode");
            }

            using JsonDocument document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = MaxDepth + 1 });
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            return Unusable($"the function's value can't be read as JSON nested at most {MaxDepth} deep: {e.Message}");
        }
    }

    private static CallableOutcome Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Take(2).ToArray() is [JsonProperty only])
        {
            if (only.NameEquals("result"))
            {
                return new CallableOutcome(only.Value.Clone(), null);
            }

            if (only.NameEquals("error") && Text(only.Value, "type") is { Length: > 0 } type && Text(only.Value, "message") is string message)
            {
                return new CallableOutcome(null, new TaskError { Type = type, Message = message.Length == 0 ? type : message, Traceback = Text(only.Value, "traceback") });
            }
        }

        return Unusable("the result file is not what the call writes (the program must have changed it)");
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    /// <summary>Whether no string escapes half a character: JSON allows it, but nothing that is .NET can write it out again.</summary>
    internal static bool HasWholeStrings(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return true;
    }

    private static CallableOutcome Unusable(string message) =>
        new(null, new TaskError { Type = TaskErrorTypes.ResultError, Message = message });
}
