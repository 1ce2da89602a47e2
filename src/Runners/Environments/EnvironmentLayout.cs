namespace Executor.Runners.Environments;

/// <summary>Where things are in a virtual environment.</summary>
internal static class EnvironmentLayout
{
    public static string Scripts(string folder) => Path.Join(folder, OperatingSystem.IsWindows() ? "Scripts" : "bin");

    public static string Python(string folder) => Path.Join(Scripts(folder), OperatingSystem.IsWindows() ? "python.exe" : "python");

    public static string Packages(string folder) => OperatingSystem.IsWindows()
        ? Path.Join(folder, "Lib", "site-packages")
        : Path.Join(Directory.GetDirectories(Path.Join(folder, "lib"), "python3*").Single(), "site-packages");
}
