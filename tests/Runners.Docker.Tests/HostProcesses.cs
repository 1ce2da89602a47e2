namespace Executor.Runners.Docker.Tests;

/// <summary>The processes of the machine that the engine is on.</summary>
internal static class HostProcesses
{
    public static IEnumerable<string> CommandLines()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            string line = "";
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
            }
            catch (IOException)
            {
                // It has just ended.
            }

            yield return line;
        }
    }
}
