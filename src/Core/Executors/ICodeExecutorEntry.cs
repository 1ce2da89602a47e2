using Executor.Limits;
using Executor.Text;

namespace Executor.Executors;

/// <summary>
/// The keys of an entry of <c>code_executors</c>, read by name and kind. An absent key, and a faulty one, is null; what is wrong is
/// collected and told with where it was written. The keys asked for are the keys that exist: any other one is a fault.
/// </summary>
public interface ICodeExecutorEntry
{
    /// <summary>A text that is not empty.</summary>
    string? Text(string key);

    /// <summary>A text that must be there. Empty where it isn't, which is reported.</summary>
    string RequiredText(string key);

    /// <summary>A secret: a text, or <c>{file: PATH}</c> for the content of that file.</summary>
    Secret? Secret(string key);

    /// <summary>A path of this machine; a leading <c>~/</c> is the home folder.</summary>
    string? FilePath(string key);

    /// <summary>A list of such paths.</summary>
    IReadOnlyList<string>? FilePaths(string key);

    /// <summary>A whole number of that range.</summary>
    int? Integer(string key, int min, int max);

    /// <summary>A whole number of that range, or a word that stands for a number outside it.</summary>
    int? IntegerOr(string key, int min, int max, (string Text, int Value)? word);

    /// <summary>A number over 0 and at most <paramref name="max"/>.</summary>
    double? Number(string key, double max);

    /// <summary>A time in seconds, over 0 and at most a day.</summary>
    TimeSpan? Seconds(string key);

    /// <summary>One of a few words, whatever its letter case.</summary>
    /// <param name="key">The key.</param>
    /// <param name="choices">The words; those after <paramref name="shown"/> are understood but not offered.</param>
    /// <param name="shown">How many to list in the fault.</param>
    T? Choice<T>(string key, IReadOnlyList<(string Word, T Value)> choices, int shown)
        where T : struct;

    /// <summary>A section of limits.</summary>
    TaskLimits? Limits(string key);

    /// <summary>Reports that none of the keys is there, if it is so.</summary>
    void RequireOneOf(params ReadOnlySpan<string> keys);

    /// <summary>Reports a key, or with an empty key the entry itself.</summary>
    void Fault(string key, string message);
}
