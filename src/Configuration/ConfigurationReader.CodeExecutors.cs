using Executor.Executors;
using Executor.Tasks;

namespace Executor.Configuration;

internal static partial class ConfigurationReader
{
    private static List<CodeExecutorOptions> ReadCodeExecutors(SectionReader section, IReadOnlyList<CodeExecutorSection> kinds)
    {
        List<CodeExecutorOptions> all = [];
        foreach (CodeExecutorSection kind in kinds)
        {
            foreach ((string name, SectionReader entry) in section.Named(kind.Name))
            {
                if (CodeExecutorChoice.Named(all, name) is CodeExecutorOptions other)
                {
                    entry.Fault("", $"has the name of a {other.Kind.WireName} code executor; tasks choose by name, so give it another");
                }

                all.Add(kind.Read(name, entry));
                entry.RefuseOthers();
            }
        }

        section.RefuseOthers();
        return all;
    }
}
