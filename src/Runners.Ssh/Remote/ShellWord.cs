namespace Executor.Runners.Ssh.Remote;

/// <summary>Quotes for the remote user's shell, whichever it is.</summary>
internal static class ShellWord
{
    /// <summary>One word, as it is. Without line breaks it means the same in every shell, csh and fish included.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>A command of words.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));
}
