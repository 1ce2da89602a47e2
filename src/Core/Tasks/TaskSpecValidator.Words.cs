using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Executor.Text;

namespace Executor.Tasks;

public static partial class TaskSpecValidator
{
    private const string IdRule = "must have 1 to 128 of the characters A-Z a-z 0-9 . _ : -";

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    private static bool IsTaskId(string text) =>
        text.Length is > 0 and <= MaxIdLength && !text.AsSpan().ContainsAnyExcept(IdCharacters);

    private static bool IsEntrypoint(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? IsDottedName(text) : IsDottedName(text.AsSpan(0, colon)) && IsDottedName(text.AsSpan(colon + 1));
    }

    /// <summary>Whether it is identifiers with dots between them, in the letters of any language.</summary>
    private static bool IsDottedName(ReadOnlySpan<char> text)
    {
        bool isStart = true;
        foreach (char c in text)
        {
            if (c == '.' && !isStart)
            {
                isStart = true;
            }
            else if (c is '_' or '$' || char.IsLetter(c) || (!isStart && char.IsLetterOrDigit(c)))
            {
                isStart = false;
            }
            else
            {
                return false;
            }
        }

        return !isStart;
    }

    private static void CheckText(string? text, string field, List<ValidationFault> faults)
    {
        if (text is not null && (string.IsNullOrWhiteSpace(text) || text.Contains('\0')))
        {
            faults.Add(new(field, "must not be empty and must have no NUL in it"));
        }
    }

    private static void CheckTexts(IReadOnlyList<string>? texts, string field, List<ValidationFault> faults)
    {
        for (int i = 0; i < texts?.Count; i++)
        {
            if (PlainTextProblem(texts[i]) is string problem)
            {
                faults.Add(new($"{field}[{i}]", problem));
            }
        }
    }

    private static string? PlainTextProblem(string? text) => string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl)
        ? "must be a text that is not empty and has no control characters in it"
        : null;

    private static void CheckArguments(IReadOnlyList<string>? arguments, string field, List<ValidationFault> faults)
    {
        for (int i = 0; i < arguments?.Count; i++)
        {
            if (arguments[i] is null || arguments[i].Contains('\0'))
            {
                faults.Add(new($"{field}[{i}]", "must be a text without a NUL in it"));
            }
        }
    }

    private static void CheckVariables(IReadOnlyDictionary<string, string>? variables, string field, List<ValidationFault> faults)
    {
        foreach ((string name, string value) in variables ?? EmptyVariables)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0'))
            {
                faults.Add(new(At(field, name), "must be a variable's name, which is not empty and has no '=' and no NUL in it"));
            }

            if (value is null || value.Contains('\0'))
            {
                faults.Add(new(At(field, name), "must be a text without a NUL in it"));
            }
        }
    }

    /// <summary>Refuses JSON that could be kept but never written again: a <c>\ud800</c> without its other half.</summary>
    private static void CheckJson(JsonElement element, string field, List<ValidationFault> faults)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            faults.Add(new(field, "must be a JSON value"));
        }
        else if (JsonMarshal.GetRawUtf8Value(element).IndexOf("\\u"u8) >= 0 && !TaskShape.IsWritable(element))
        {
            faults.Add(new(field, TaskShape.HalfCharacter));
        }
    }

    private static string At(string field, string key) => $"{field}[{Quote(key)}]";

    private static string Quote(string text) => QuotedText.Of(text);

    private static Dictionary<string, string> EmptyVariables { get; } = [];
}
