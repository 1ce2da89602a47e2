using System.Globalization;
using Executor.Api.Problems;
using Executor.Http.Wire;
using Executor.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Executor.Api.Requests;

/// <summary>Reads the query of a request and gathers everything that is wrong with it.</summary>
internal sealed class QueryReader
{
    private const int MaxLength = 256;

    private readonly IQueryCollection _query;
    private readonly List<FieldProblem> _problems = [];

    /// <param name="request">The request; its endpoint's metadata says which parameters there are.</param>
    public QueryReader(HttpRequest request)
    {
        _query = request.Query;
        string[] known = [.. request.HttpContext.GetEndpoint()!.Metadata.GetRequiredMetadata<QueryParameters>().All.Select(parameter => parameter.Name)];
        foreach ((string name, StringValues values) in _query)
        {
            if (!known.Contains(name))
            {
                _problems.Add(new(QuotedText.Cut(name), ClosestName.Explain("parameter", name, known)));
            }
            else if (values.Count > 1)
            {
                _problems.Add(new(name, $"is given {values.Count} times; give it once"));
            }
        }
    }

    /// <exception cref="ProblemException">Something read until now is not valid.</exception>
    public void ThrowIfBad()
    {
        if (_problems.Count > 0)
        {
            throw ProblemKinds.Invalid(_problems);
        }
    }

    /// <summary>A text; null: it is not given.</summary>
    public string? Text(string name)
    {
        string? text = _query[name] is [string value, ..] ? value : null;
        if (text?.Length == 0 || text?.Length > MaxLength || text?.Any(char.IsControl) == true)
        {
            _problems.Add(new(name, $"must have 1 to {MaxLength} characters and no control characters"));
            return null;
        }

        return text;
    }

    public int Integer(string name, int min, int max, int fallback)
    {
        if (Text(name) is not string text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
        {
            return number;
        }

        _problems.Add(new(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}, was {QuotedText.Of(text)}")));
        return fallback;
    }

    /// <summary>A number of seconds; zero: it is not given.</summary>
    public TimeSpan Seconds(string name, TimeSpan max)
    {
        if (Text(name) is not string text)
        {
            return TimeSpan.Zero;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds >= 0 && seconds <= max.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        _problems.Add(new(name, string.Create(CultureInfo.InvariantCulture, $"must be a number of seconds from 0 to {max.TotalSeconds}, was {QuotedText.Of(text)}")));
        return TimeSpan.Zero;
    }

    /// <summary>One of some words, in any letter case; null: it is not given.</summary>
    public T? Choice<T>(string name, IReadOnlyList<(string Word, T Value)> choices)
        where T : struct
    {
        if (Text(name) is not string text)
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

        _problems.Add(new(name, $"must be one of {string.Join(", ", choices.Select(choice => choice.Word))}, was {QuotedText.Of(text)}"));
        return null;
    }

    /// <summary>A value with a way to read it; null: it is not given.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="right">What it must be, for the one who got it wrong.</param>
    /// <param name="read">Reads it; null: it can't be read.</param>
    public T? Parsed<T>(string name, string right, Func<string, T?> read)
        where T : struct
    {
        if (Text(name) is not string text)
        {
            return null;
        }

        T? value = read(text);
        if (value is null)
        {
            _problems.Add(new(name, $"must be {right}, was {QuotedText.Of(text)}"));
        }

        return value;
    }
}
