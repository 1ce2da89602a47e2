using System.CommandLine;
using Executor.Hosting.Commands;
using Executor.Limits;

namespace Executor.Cli.Options;

/// <summary>The options that set a task's limits.</summary>
internal sealed class LimitOptions
{
    private readonly Option<string?> _memory = CommonOptions.Text("--memory", "MB", "Memory of all its processes, in MiB. Default 512.");
    private readonly Option<string?> _stack = CommonOptions.Text("--stack", "MB", "Stack of its main threads, in MiB. Default: as the memory.");
    private readonly Option<string?> _cpuTime = CommonOptions.Text("--cpu-time", "S", "CPU time of all its processes, in seconds. Default 30.");
    private readonly Option<string?> _pids = CommonOptions.Text("--pids", "N", "Processes and threads at once. Default 256.");
    private readonly Option<string?> _openFiles = CommonOptions.Text("--open-files", "N", "Open files of each process. Default 256.");
    private readonly Option<string?> _fileSize = CommonOptions.Text("--file-size", "MB", "Size of any one file it writes, in MiB. Default 16.");
    private readonly Option<string?> _disk = CommonOptions.Text("--disk", "MB", "Size of everything it writes, in MiB. Default 64.");
    private readonly Option<string?> _output = CommonOptions.Text("--output-kb", "KB", "Output shown of stdout and of stderr each, in KiB. Default: all of it; with --json 1024.");
    private readonly Option<bool> _network = CommonOptions.Flag("--network", "Let it use the network.");

    public void AddTo(Command command) => command.AddAll(_memory, _stack, _cpuTime, _pids, _openFiles, _fileSize, _disk, _output, _network);

    /// <summary>The limits asked for; those that were not are null.</summary>
    /// <exception cref="UsageException">One is no number.</exception>
    public TaskLimits Read(ParseResult parsed) => new()
    {
        MemoryMb = parsed.Whole(_memory),
        StackMb = parsed.Whole(_stack),
        CpuTime = parsed.Number(_cpuTime),
        Pids = parsed.Whole(_pids),
        OpenFiles = parsed.Whole(_openFiles),
        FileSizeMb = parsed.Whole(_fileSize),
        DiskMb = parsed.Whole(_disk),
        OutputKb = parsed.Whole(_output),
        Network = parsed.GetValue(_network) ? true : null,
    };
}
