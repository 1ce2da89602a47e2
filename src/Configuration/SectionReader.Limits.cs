using Executor.Limits;

namespace Executor.Configuration;

internal sealed partial class SectionReader
{
    /// <summary>A section of limits; null where there is none.</summary>
    public TaskLimits? Limits(string key)
    {
        if (!Has(key))
        {
            return null;
        }

        SectionReader section = Section(key);
        TaskLimits limits = new()
        {
            MemoryMb = section.Integer("memory_mb", 1, TaskLimitRanges.Most),
            StackMb = section.Integer("stack_mb", 1, TaskLimitRanges.Most),
            CpuTime = section.Number("cpu_time", double.MaxValue),
            Pids = section.Integer("pids", 1, TaskLimitRanges.MostPids),
            OpenFiles = section.Integer("open_files", TaskLimitRanges.FewestOpenFiles, TaskLimitRanges.Most),
            FileSizeMb = section.Integer("file_size_mb", 1, TaskLimitRanges.Most),
            DiskMb = section.Integer("disk_mb", 1, TaskLimitRanges.Most),
            OutputKb = section.Integer("output_kb", 1, TaskLimitRanges.Most),
            Network = section.Flag("network"),
        };
        section.RefuseOthers();
        return limits;
    }
}
