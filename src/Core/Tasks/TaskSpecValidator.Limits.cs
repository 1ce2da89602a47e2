using System.Globalization;
using Executor.Limits;

namespace Executor.Tasks;

public static partial class TaskSpecValidator
{
    /// <summary>Seconds of a day: the longest timeout.</summary>
    public const double SecondsADay = 86_400;
    private const int MaxPackages = 256;

    private static void CheckLimits(TaskLimits? limits, List<ValidationFault> faults)
    {
        if (limits is null)
        {
            return;
        }

        CheckRange(limits.MemoryMb, 1, TaskLimitRanges.Most, "limits.memory_mb", faults);
        CheckRange(limits.StackMb, 1, TaskLimitRanges.Most, "limits.stack_mb", faults);
        CheckAmount(limits.CpuTime, double.MaxValue, "limits.cpu_time", faults);
        CheckRange(limits.Pids, 1, TaskLimitRanges.MostPids, "limits.pids", faults);
        CheckRange(limits.OpenFiles, TaskLimitRanges.FewestOpenFiles, TaskLimitRanges.Most, "limits.open_files", faults);
        CheckRange(limits.FileSizeMb, 1, TaskLimitRanges.Most, "limits.file_size_mb", faults);
        CheckRange(limits.DiskMb, 1, TaskLimitRanges.Most, "limits.disk_mb", faults);
        CheckRange(limits.OutputKb, 1, TaskLimitRanges.Most, "limits.output_kb", faults);
    }

    private static void CheckPlacement(TaskSpec task, List<ValidationFault> faults)
    {
        if (task.Runner is RunnerKind runner && !Enum.IsDefined(runner))
        {
            faults.Add(new("runner", "must be one of localhost, docker, ssh"));
        }

        CheckText(task.Executor, "executor", faults);
        CheckTexts(task.Capabilities, "capabilities", faults);
        if (task.Resources is ResourceRequest resources)
        {
            CheckAmount(resources.Cpus, double.MaxValue, "resources.cpus", faults);
            CheckRange(resources.MemoryMb, 1, TaskLimitRanges.Most, "resources.memory_mb", faults);
            CheckRange(resources.Gpus, 0, int.MaxValue, "resources.gpus", faults);
        }

        if (task.RuntimeEnv is RuntimeEnv runtime)
        {
            CheckPackages(runtime.Packages, "runtime_env.packages", faults);
            CheckVariables(runtime.EnvVars, "runtime_env.env_vars", faults);
        }
    }

    /// <summary>Adds a fault for each entry that is no package.</summary>
    /// <param name="packages">The packages asked for; null: none.</param>
    /// <param name="field">The field that has them, by its wire name.</param>
    /// <param name="faults">What is wrong is added here.</param>
    public static void CheckPackages(IReadOnlyList<string>? packages, string field, List<ValidationFault> faults)
    {
        if (packages?.Count > MaxPackages)
        {
            faults.Add(new(field, $"must have at most {MaxPackages} packages, has {packages.Count}"));
            return;
        }

        for (int i = 0; i < packages?.Count; i++)
        {
            string? problem = PlainTextProblem(packages[i]);
            if (problem is not null || !PackageRequirement.TryParse(packages[i], out _, out problem))
            {
                faults.Add(new($"{field}[{i}]", problem));
            }
        }
    }

    private static void CheckRetry(TaskSpec task, List<ValidationFault> faults)
    {
        CheckAmount(task.Timeout?.TotalSeconds, SecondsADay, "timeout", faults);
        CheckAmount(task.QueueTimeout?.TotalSeconds, 365 * SecondsADay, "queue_timeout", faults);
        CheckAmount(task.Cache?.Ttl.TotalSeconds, double.MaxValue, "cache.ttl_sec", faults);
        if (task.Retry is RetryPolicy retry)
        {
            CheckRange(retry.MaxAttempts, 1, 100, "retry.max_attempts", faults);
            if (retry.Backoff < TimeSpan.Zero || retry.Backoff.TotalSeconds > SecondsADay)
            {
                faults.Add(new("retry.backoff_sec", $"must be from 0 to {SecondsADay}, was {Show(retry.Backoff.TotalSeconds)}"));
            }
        }

        HashSet<string> seen = [];
        for (int i = 0; i < task.DependsOn?.Count; i++)
        {
            string parent = task.DependsOn[i];
            string? problem = parent is null || !IsTaskId(parent) ? $"{IdRule}, was {Quote(parent ?? "")}"
                : parent == task.TaskId ? "names the task itself"
                : !seen.Add(parent) ? $"names {parent} a second time"
                : null;
            if (problem is not null)
            {
                faults.Add(new($"depends_on[{i}]", problem));
            }
        }
    }

    private static void CheckRange(int? value, int min, int max, string field, List<ValidationFault> faults)
    {
        if (value < min || value > max)
        {
            faults.Add(new(field, $"must be from {min} to {max}, was {value}"));
        }
    }

    /// <summary>Adds a fault if a number is not over 0 and at most <paramref name="max"/>.</summary>
    /// <param name="value">The number; null: none was given, which is no fault.</param>
    /// <param name="max">The most.</param>
    /// <param name="field">The field that has it, by its wire name.</param>
    /// <param name="faults">What is wrong is added here.</param>
    public static void CheckAmount(double? value, double max, string field, List<ValidationFault> faults)
    {
        if (value is double amount && !(amount > 0 && amount <= max))
        {
            string most = max == double.MaxValue ? "" : $" and at most {Show(max)}";
            faults.Add(new(field, $"must be over 0{most}, was {Show(amount)}"));
        }
    }

    private static string Show(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
