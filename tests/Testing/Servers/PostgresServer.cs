using System.Diagnostics;

namespace Executor.Testing;

/// <summary>Finds PostgreSQL's programs on this machine, and installs them where they are missing and that can be done.</summary>
public static class PostgresServer
{
    private static readonly Lazy<(string? Folder, string? WhyNot)> Found = new(Find);

    /// <summary>The folder of <c>initdb</c> and <c>pg_ctl</c>.</summary>
    public static string Folder => Found.Value.Folder ?? throw new InvalidOperationException(Found.Value.WhyNot);

    /// <summary>Why there can't be one; null: there can.</summary>
    public static string? WhyNot => Found.Value.WhyNot;

    private static (string? Folder, string? WhyNot) Find()
    {
        if (Search() is string there)
        {
            return (there, null);
        }

        if (Environment.UserName != "root" || !File.Exists("/usr/bin/apt-get"))
        {
            return (null, "PostgreSQL's server is not installed (install the package postgresql).");
        }

        using Process install = Process.Start(new ProcessStartInfo("apt-get", ["install", "-y", "-qq", "postgresql"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
        })!;
        Task<string> output = install.StandardOutput.ReadToEndAsync();
        string errors = install.StandardError.ReadToEnd();
        install.WaitForExit();
        _ = output.Result;
        return Search() is string installed
            ? (installed, null)
            : (null, $"PostgreSQL's server is not installed, and apt-get could not install it: {errors.Trim()}");
    }

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
