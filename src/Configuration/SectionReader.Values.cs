using System.Globalization;

namespace Executor.Configuration;

internal sealed partial class SectionReader
{
    private const double SecondsADay = 86_400;

    /// <summary>A text that is not empty.</summary>
    public string? Text(string key)
    {
        if (!TryTakeScalar(key, "a text", out DocumentEntry entry, out string? text))
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(text) || text.Contains('\0'))
        {
            Bad(key, entry, "a text that is not empty and has no NUL in it");
            return null;
        }

        return text;
    }

    /// <summary>A path; a leading <c>~/</c> is the home folder. Relative ones are left relative to the process's folder.</summary>
    public string? FilePath(string key) => Text(key) is string text ? ExpandHome(text) : null;

    /// <summary>A text that must be there. Empty where it isn't, which is reported.</summary>
    public string RequiredText(string key)
    {
        RequireOneOf(key);
        return Text(key) ?? "";
    }

    /// <summary>A truth value.</summary>
    public bool? Flag(string key)
    {
        if (!TryTakeScalar(key, "true or false", out DocumentEntry entry, out string? text))
        {
            return null;
        }

        if (bool.TryParse(text, out bool value))
        {
            return value;
        }

        Bad(key, entry, "true or false");
        return null;
    }

    /// <summary>A whole number of that range.</summary>
    public int? Integer(string key, int min, int max) => IntegerOr(key, min, max, null);

    /// <summary>A whole number of that range, or a word that stands for a number outside it.</summary>
    public int? IntegerOr(string key, int min, int max, (string Text, int Value)? word)
    {
        string wanted = $"a whole number from {min} to {max}{(word is null ? "" : $", or {word.Value.Text}")}";
        if (!TryTakeScalar(key, wanted, out DocumentEntry entry, out string? text))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max)
        {
            return value;
        }

        if (word?.Text.Equals(text, StringComparison.OrdinalIgnoreCase) == true)
        {
            return word.Value.Value;
        }

        Bad(key, entry, wanted);
        return null;
    }

    /// <summary>A number over 0 and at most <paramref name="max"/>.</summary>
    public double? Number(string key, double max)
    {
        string wanted = max == double.MaxValue
            ? "a number over 0"
            : string.Create(CultureInfo.InvariantCulture, $"a number over 0 and at most {max}");
        if (!TryTakeScalar(key, wanted, out DocumentEntry entry, out string? text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && value <= max)
        {
            return value;
        }

        Bad(key, entry, wanted);
        return null;
    }

    /// <summary>A time in seconds, over 0 and at most a day.</summary>
    public TimeSpan? Seconds(string key) => Number(key, SecondsADay) is double seconds
        ? TimeSpan.FromTicks(long.Max(1, (long)double.Round(seconds * TimeSpan.TicksPerSecond)))
        : null;

    /// <summary>One of a few words, whatever its letter case.</summary>
    /// <param name="key">The key.</param>
    /// <param name="choices">The words; those after <paramref name="shown"/> are understood but not offered.</param>
    /// <param name="shown">How many to list in the fault.</param>
    public T? Choice<T>(string key, IReadOnlyList<(string Word, T Value)> choices, int shown)
        where T : struct
    {
        string wanted = $"one of {string.Join(", ", choices.Take(shown).Select(choice => choice.Word))}";
        if (!TryTakeScalar(key, wanted, out DocumentEntry entry, out string? text))
        {
            return null;
        }

        foreach ((string word, T value) in choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        Bad(key, entry, wanted);
        return null;
    }

    private static string ExpandHome(string text) =>
        text == "~" || text.StartsWith("~/", StringComparison.Ordinal)
            ? string.Concat(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), text.AsSpan(1))
            : text;
}
