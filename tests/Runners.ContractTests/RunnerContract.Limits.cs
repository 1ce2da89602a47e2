using Executor.Limits;
using Executor.Tasks;

namespace Executor.Runners.ContractTests;

public abstract partial class RunnerContract
{
    [Fact]
    public async Task Cpu_time_over_the_limit_ends_the_program()
    {
        TaskResult result = await RunAsync(Python("print('go')\nwhile True: pass") with { Limits = new TaskLimits { CpuTime = 1 } });

        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.CpuTimeLimit, "go\n"), (result.Status, result.Error?.Type, result.Stdout));
        Assert.False(result.TimedOut);
    }

    [Fact]
    public async Task File_over_the_size_limit_can_not_be_written()
    {
        TaskResult result = await RunAsync(
            Python("try:\n    open('big', 'wb').write(b'x' * (3 << 20))\nexcept OSError as e:\n    import errno\n    print(errno.errorcode[e.errno])")
                with
            { Limits = new TaskLimits { FileSizeMb = 2 } });

        Completed(result);
        Assert.Equal("EFBIG\n", result.Stdout);
    }

    [Fact]
    public async Task Open_files_over_the_limit_are_refused()
    {
        TaskResult result = await RunAsync(
            Python("files = []\ntry:\n    while True: files.append(open('/dev/null'))\nexcept OSError as e:\n    import errno\n    print(errno.errorcode[e.errno], 20 < len(files) < 40)")
                with
            { Limits = new TaskLimits { OpenFiles = 40 } });

        Completed(result);
        Assert.Equal("EMFILE True\n", result.Stdout);
    }

    [Fact]
    public async Task Stack_is_of_the_size_of_the_limit_in_a_warm_interpreter_and_in_what_it_starts()
    {
        TaskResult result = await RunAsync(
            Python("import resource, subprocess, sys\nprint(resource.getrlimit(resource.RLIMIT_STACK)[0] >> 20)\n"
                + "print(subprocess.check_output([sys.executable, '-c', 'import resource; print(resource.getrlimit(resource.RLIMIT_STACK)[0] >> 20)']).decode())")
                with
            { Limits = new TaskLimits { StackMb = 48 } });

        Completed(result);
        Assert.Equal(["48", "48"], result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Full_disk_names_the_limit()
    {
        TaskResult result = await RunAsync(Python("raise OSError(28, 'No space left on device')") with { Limits = new TaskLimits { DiskMb = 17 } });

        Assert.Equal("OSError", result.Error!.Type);
        Assert.Contains("limits.disk_mb is 17", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_over_the_limit_ends_the_program_or_is_refused_to_it()
    {
        TaskResult result = await RunAsync(Python("print('go')\nkept = []\nfor _ in range(10 << 10): kept.append(bytearray(1 << 20))")
            with
        { Limits = new TaskLimits { MemoryMb = 100 } });

        Assert.Equal((ExecutionStatus.Failed, "go\n"), (result.Status, result.Stdout));
        Assert.Contains(result.Error!.Type, new[] { TaskErrorTypes.OutOfMemory, "MemoryError" });
    }
}
