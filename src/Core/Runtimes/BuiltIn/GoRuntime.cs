using Executor.Limits;

namespace Executor.Runtimes;

internal static class GoRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "go",
        Aliases = ["golang"],
        Extensions = [".go"],
        SourceFile = "main.go",
        Interpreter = ["go"],
        Compile = ["{interpreter}", "build", "{flags}", "-o", ".executor/main", "{sources}"],
        Run = ["./.executor/main", "{args}"],
        Env = new Dictionary<string, string>
        {
            ["CGO_ENABLED"] = "0",
            ["GOFLAGS"] = "-mod=mod",
            // A go.mod that names another Go must not start a download.
            ["GOTOOLCHAIN"] = "local",
            ["GOTELEMETRY"] = "off",
            ["GOMEMLIMIT"] = "{heap_mb}MiB",
        },
        // A fresh build cache holds the whole standard library's objects.
        Limits = new TaskLimits { Pids = 256, DiskMb = 512 },
        CompileLimits = new TaskLimits { MemoryMb = 1024, CpuTime = 180, Pids = 256, OpenFiles = 1024, FileSizeMb = 256 },
        CompileTimeout = TimeSpan.FromSeconds(120),
        VersionArgs = ["version"],
        InstallHint = "apt-get install -y golang-go (elsewhere: the package go or golang, or https://go.dev/dl/)",
    };
}
