using Executor.Limits;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>What a program says of a limit in the system's words is given our name.</summary>
public sealed class LimitNamesTests
{
    private static readonly EffectiveLimits Limits = LimitResolver.Resolve(null, new TaskLimits { Pids = 7, OpenFiles = 21, FileSizeMb = 3, DiskMb = 5, MemoryMb = 99 });

    [Theory]
    [InlineData("RuntimeError", "can't start new thread", "", "limits.pids is 7")]
    [InlineData("BlockingIOError", "[Errno 11] Resource temporarily unavailable", "  pid = os.fork()\nBlockingIOError: [Errno 11] Resource temporarily unavailable", "limits.pids is 7")]
    [InlineData("exit_code", "the program ended with exit code 254: x.sh: fork: Resource temporarily unavailable", "x.sh: fork: retry: Resource temporarily unavailable", "limits.pids is 7")]
    [InlineData("java.lang.OutOfMemoryError", "unable to create native thread: possibly out of memory or process/resource limits reached", "", "limits.pids is 7")]
    [InlineData("exit_code", "the program ended with exit code 2", "runtime: failed to create new OS thread (have 6 already; errno=11)\nfatal error: newosproc", "limits.pids is 7")]
    [InlineData("Error", "spawn ls EAGAIN", "", "limits.pids is 7")]
    [InlineData("ThreadError", "can't create Thread: Resource temporarily unavailable", "", "limits.pids is 7")]
    [InlineData("panic", "failed to spawn thread: Os { code: 11, kind: WouldBlock, message: \"Resource temporarily unavailable\" }", "", "limits.pids is 7")]
    [InlineData("signal", "the program was ended by SIGABRT", "terminate called after throwing an instance of 'std::system_error'\n  what():  Resource temporarily unavailable", "limits.pids is 7")]
    [InlineData("OSError", "[Errno 24] Too many open files: 'x'", "", "limits.open_files is 21")]
    [InlineData("OSError", "[Errno 27] File too large", "", "limits.file_size_mb is 3")]
    [InlineData("signal", "the program was ended by SIGXFSZ (file size limit exceeded)", "", "limits.file_size_mb is 3")]
    [InlineData("OSError", "[Errno 28] No space left on device", "", "limits.disk_mb is 5")]
    [InlineData("MemoryError", "MemoryError", "", "limits.memory_mb is 99")]
    [InlineData("OSError", "[Errno 12] Cannot allocate memory", "", "limits.memory_mb is 99")]
    [InlineData("OSError", "[Errno 101] Network is unreachable", "", "limits.network is false")]
    [InlineData("socket.gaierror", "[Errno -3] Temporary failure in name resolution", "", "limits.network is false")]
    public void Limit_behind_an_error_is_named(string type, string message, string said, string limit)
    {
        TaskError named = LimitNames.In(new TaskError { Type = type, Message = message }, said, Limits);

        Assert.Equal($"{message} ({limit})", named.Message);
        Assert.Equal(named, LimitNames.In(named, said, Limits));
    }

    [Theory]
    [InlineData("BlockingIOError", "[Errno 11] Resource temporarily unavailable", "    s.recv(1)\nBlockingIOError: [Errno 11] Resource temporarily unavailable")]
    [InlineData("ValueError", "out of range", "warning: can't start new thread, going on with one")]
    [InlineData("exit_code", "the program ended with exit code 1", "nothing special")]
    [InlineData("KeyError", "'memory'", "")]
    public void Error_of_the_programs_own_stays_as_it_is(string type, string message, string said)
    {
        var error = new TaskError { Type = type, Message = message };

        Assert.Same(error, LimitNames.In(error, said, Limits));
    }
}
