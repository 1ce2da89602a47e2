using System.Globalization;
using System.Text.RegularExpressions;
using Executor.Limits;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>Names the limit behind an error that a program met and speaks of in the system's words, which say nothing of ours.</summary>
internal static partial class LimitNames
{
    /// <summary>What counts of a long standard error.</summary>
    private const int LongestTail = 8192;

    /// <summary>What languages call the end of memory and of the stack.</summary>
    private static readonly string[] MemoryErrors = ["java.lang.OutOfMemoryError", "MemoryError", "NoMemoryError", "System.OutOfMemoryException", "std::bad_alloc"];
    private static readonly string[] StackOverflows = ["java.lang.StackOverflowError", "System.StackOverflowException", "SystemStackError", "stack_overflow"];

    /// <summary>The error, its message followed by the limit's name and value where one is behind it.</summary>
    /// <param name="error">The program's error.</param>
    /// <param name="said">What it printed to standard error.</param>
    /// <param name="limits">The limits that it ran under.</param>
    public static TaskError In(TaskError error, string said, EffectiveLimits limits)
    {
        string tail = said.Length <= LongestTail ? said : said[^LongestTail..];
        // The message first: what else was printed may be about something that the program got over.
        string? limit = OfType(error, limits)
            ?? Of(error.Message, $"{error.Message}\n{error.Traceback}\n{tail}", limits)
            ?? (error.Type is TaskErrorTypes.Signal or TaskErrorTypes.ExitCode ? Of(tail, tail, limits) : null);
        return limit is null || error.Message.Contains(limit, StringComparison.Ordinal) ? error : error with { Message = $"{error.Message} ({limit})" };
    }

    private static string? OfType(TaskError error, EffectiveLimits limits) =>
        StackOverflows.Contains(error.Type) || (error.Type == "RangeError" && error.Message == "Maximum call stack size exceeded") ? Named("stack_mb", limits.StackMb)
        // What could not start a thread says that it has no memory, too.
        : MemoryErrors.Contains(error.Type) && !NoThread().IsMatch(error.Message) ? Named("memory_mb", limits.MemoryMb)
        : null;

    private static string? Of(string message, string all, EffectiveLimits limits) =>
        message.Contains("No space left on device", StringComparison.Ordinal) ? Named("disk_mb", limits.DiskMb)
        : NoThread().IsMatch(message) || (message.Contains("Resource temporarily unavailable", StringComparison.Ordinal) && OfProcesses().IsMatch(all)) ? Named("pids", limits.Pids)
        : message.Contains("Too many open files", StringComparison.Ordinal) || message.Contains("EMFILE", StringComparison.Ordinal) ? Named("open_files", limits.OpenFiles)
        : message.Contains("File too large", StringComparison.Ordinal) || message.Contains("SIGXFSZ", StringComparison.Ordinal) || message.Contains("EFBIG", StringComparison.Ordinal)
            ? Named("file_size_mb", limits.FileSizeMb)
        : NoMemory().IsMatch(message) ? Named("memory_mb", limits.MemoryMb)
        : !limits.Network && NoNetwork().IsMatch(message) ? "limits.network is false"
        : null;

    private static string Named(string limit, int value) => string.Create(CultureInfo.InvariantCulture, $"limits.{limit} is {value}");

    /// <summary>How runtimes say that a thread or a process can't be had.</summary>
    [GeneratedRegex(
        "can't start new thread|unable to create (new )?native thread|failed to create new OS thread|[Cc]an't create [Tt]hread|[Ff]ailed to (create|spawn) (a )?thread" +
        "|pthread_create failed|[Cc]annot fork|fork: retry|fork failed|unable to fork|spawn \\S+ EAGAIN|spawnSync \\S+ EAGAIN|ThreadStartException|Thread creation failed")]
    private static partial Regex NoThread();

    /// <summary>What else may be unavailable for a moment is none of this limit's.</summary>
    [GeneratedRegex("fork|spawn|thread|clone|subprocess|Popen|multiprocessing|std::system_error", RegexOptions.IgnoreCase)]
    private static partial Regex OfProcesses();

    [GeneratedRegex("^MemoryError|Cannot allocate memory|std::bad_alloc|Java heap space|Reached heap limit|Allowed memory size|failed to allocate memory|memory allocation of \\d+ bytes failed|Out of memory", RegexOptions.IgnoreCase)]
    private static partial Regex NoMemory();

    [GeneratedRegex("Network is unreachable|Temporary failure in name resolution|Name or service not known|EAI_AGAIN|ENETUNREACH|no such host|Could not resolve host", RegexOptions.IgnoreCase)]
    private static partial Regex NoNetwork();
}
