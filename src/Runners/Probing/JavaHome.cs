namespace Executor.Runners.Probing;

/// <summary>A JDK's folder. Distributions keep its settings elsewhere (under /etc) and link to them; without them it doesn't start.</summary>
internal static class JavaHome
{
    private static readonly string[] FoldersWithLinks = ["conf", "conf/security", "lib", "lib/security"];

    /// <summary>The folders that the links of the JDK of this binary lead to; none for other families.</summary>
    public static IEnumerable<string> FoldersOf(string family, string binary) =>
        family == "java" ? FoldersOf(Path.GetDirectoryName(Path.GetDirectoryName(binary))!) : [];

    public static IEnumerable<string> FoldersOf(string home) => FoldersWithLinks
        .Select(folder => Path.Join(home, folder))
        .Where(Directory.Exists)
        .SelectMany(Directory.EnumerateFileSystemEntries)
        .Where(entry => new FileInfo(entry).LinkTarget is not null)
        .Select(entry => Path.GetDirectoryName(LinkTrail.Follow(entry).Real)!)
        .Where(folder => folder != home && folder.Count(letter => letter == '/') > 1)
        .Distinct();
}
