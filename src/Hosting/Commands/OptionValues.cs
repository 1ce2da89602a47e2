using System.CommandLine;
using System.Globalization;
using Executor.Tasks;

namespace Executor.Hosting.Commands;

/// <summary>Reads the values of options; null where an option was not given. Ranges are checked with the task.</summary>
public static class OptionValues
{
    private const int MostGraceSeconds = 86_400;

    /// <exception cref="UsageException">It is no number.</exception>
    public static double? Number(this ParseResult parsed, Option<string?> option) => parsed.GetValue(option) switch
    {
        null => null,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) => number,
        string text => throw new UsageException($"{option.Name}: must be a number, was '{text}'"),
    };

    /// <exception cref="UsageException">It is no whole number.</exception>
    public static int? Whole(this ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is string text ? Whole(text, option) : null;

    /// <exception cref="UsageException">One is no whole number.</exception>
    public static IReadOnlyList<int>? Wholes(this ParseResult parsed, Option<string[]> option) =>
        parsed.GetValue(option) is { Length: > 0 } texts ? [.. texts.Select(text => Whole(text, option))] : null;

    /// <exception cref="UsageException">It is no whole number of the range.</exception>
    public static int? Whole(this ParseResult parsed, Option<string?> option, int least, int most) => parsed.Whole(option) switch
    {
        int number when number < least || number > most => throw new UsageException($"{option.Name}: must be from {least} to {most}, was {number}"),
        var number => number,
    };

    /// <exception cref="UsageException">It is no number of seconds.</exception>
    public static TimeSpan? Seconds(this ParseResult parsed, Option<string?> option) => parsed.Number(option) switch
    {
        null => null,
        double seconds when double.Abs(seconds) < TimeSpan.MaxValue.TotalSeconds => TimeSpan.FromSeconds(seconds),
        double seconds => throw new UsageException($"{option.Name}: is too large a number of seconds: {seconds}"),
    };

    /// <summary>How long what runs may take to finish, up to a day.</summary>
    /// <exception cref="UsageException">It is no such time.</exception>
    public static TimeSpan? Grace(this ParseResult parsed, Option<string?> option) => parsed.Number(option) switch
    {
        null => null,
        double seconds and >= 0 and <= MostGraceSeconds => TimeSpan.FromSeconds(seconds),
        double seconds => throw new UsageException($"{option.Name}: must be from 0 to {MostGraceSeconds} seconds, was {seconds}"),
    };

    /// <exception cref="UsageException">It is no kind of runner.</exception>
    public static RunnerKind? Runner(this ParseResult parsed, Option<string?> option)
    {
        string? text = parsed.GetValue(option);
        foreach ((string name, RunnerKind kind) in RunnerKindNames.All)
        {
            if (name == text)
            {
                return kind;
            }
        }

        return text is null
            ? null
            : throw new UsageException($"{option.Name}: '{text}' is no runner; runners: {string.Join(", ", RunnerKindNames.All.Select(known => known.Name))}");
    }

    private static int Whole(string text, Option option) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new UsageException($"{option.Name}: must be a whole number, was '{text}'");
}
