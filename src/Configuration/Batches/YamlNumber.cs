using System.Globalization;
using System.Numerics;

namespace Executor.Configuration.Batches;

/// <summary>Numbers of YAML's core schema, which allows more ways to write one than JSON.</summary>
internal static class YamlNumber
{
    // No number anyone means is longer, and the cost of changing base grows with the square.
    private const int MaxLength = 100;

    /// <summary>The same number, digit for digit, as JSON writes it; null when the text is not a number or JSON has no such number (<c>.inf</c>, <c>.nan</c>).</summary>
    public static string? ToJson(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        if (text.StartsWith("0x") && IsAll(text[2..], char.IsAsciiHexDigit))
        {
            return BigInteger.Parse($"0{text[2..]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        }

        if (text.StartsWith("0o") && IsAll(text[2..], char.IsAsciiDigit) && !text[2..].ContainsAny('8', '9'))
        {
            BigInteger value = 0;
            foreach (char digit in text[2..])
            {
                value = (value * 8) + (digit - '0');
            }

            return value.ToString(CultureInfo.InvariantCulture);
        }

        return DecimalToJson(text);
    }

    // [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
    private static string? DecimalToJson(ReadOnlySpan<char> text)
    {
        bool isNegative = text.StartsWith('-');
        ReadOnlySpan<char> rest = text.StartsWith('-') || text.StartsWith('+') ? text[1..] : text;

        int exponentAt = rest.IndexOfAny('e', 'E');
        ReadOnlySpan<char> exponent = exponentAt < 0 ? [] : rest[(exponentAt + 1)..];
        ReadOnlySpan<char> mantissa = exponentAt < 0 ? rest : rest[..exponentAt];
        ReadOnlySpan<char> exponentDigits = exponent.StartsWith('-') || exponent.StartsWith('+') ? exponent[1..] : exponent;
        if (exponentAt >= 0 && !IsAll(exponentDigits, char.IsAsciiDigit))
        {
            return null;
        }

        int point = mantissa.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? mantissa : mantissa[..point];
        ReadOnlySpan<char> fraction = point < 0 ? [] : mantissa[(point + 1)..];
        bool hasDigits = point == 0 ? !fraction.IsEmpty : !whole.IsEmpty;
        if (!hasDigits || !(whole.IsEmpty || IsAll(whole, char.IsAsciiDigit)) || !(fraction.IsEmpty || IsAll(fraction, char.IsAsciiDigit)))
        {
            return null;
        }

        ReadOnlySpan<char> significant = whole.TrimStart('0');
        return string.Concat(
            isNegative ? "-" : "",
            significant.IsEmpty ? "0" : significant,
            fraction.IsEmpty ? "" : $".{fraction}",
            exponentAt < 0 ? "" : $"e{exponent}");
    }

    private static bool IsAll(ReadOnlySpan<char> text, Func<char, bool> isOne)
    {
        foreach (char c in text)
        {
            if (!isOne(c))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }
}
