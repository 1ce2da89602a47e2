namespace Executor.Testing;

/// <summary>Finds PostgreSQL's programs on this machine.</summary>
public static class PostgresServer
{
    private static readonly Lazy<string?> Found = new(Search);

    /// <summary>The folder of <c>initdb</c> and <c>pg_ctl</c>.</summary>
    public static string Folder => Found.Value ?? throw new InvalidOperationException(WhyNot);

    /// <summary>Why there can't be one; null: there can.</summary>
    public static string? WhyNot => Found.Value is null ? "PostgreSQL's server is not installed: apt-get install -y postgresql" : null;

    private static string? Search()
    {
        IEnumerable<string> packaged = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(VersionOf).Select(folder => Path.Combine(folder, "bin"))
            : [];
        IEnumerable<string> onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return packaged.Concat(onPath).FirstOrDefault(folder =>
            File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static int VersionOf(string folder) => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0;
}
