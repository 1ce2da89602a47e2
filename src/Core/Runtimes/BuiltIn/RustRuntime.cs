using Executor.Limits;

namespace Executor.Runtimes;

internal static class RustRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "rust",
        Aliases = ["rs"],
        Extensions = [".rs"],
        SourceFile = "main.rs",
        Interpreter = ["rustc"],
        // Optimised, with assertions and overflow checks as in a plain build.
        Flags = ["-O", "-C", "debug-assertions=on", "-C", "overflow-checks=on", "--edition=2021"],
        Compile = ["{interpreter}", "{flags}", "--crate-name", "main", "-o", ".executor/main", "{source}"],
        Run = ["./.executor/main", "{args}"],
        Limits = new TaskLimits { DiskMb = 256 },
        CompileLimits = new TaskLimits { MemoryMb = 1024, CpuTime = 120, Pids = 128, FileSizeMb = 128 },
        CompileTimeout = TimeSpan.FromSeconds(90),
        // It links with cc, which is a link into it.
        ReadOnlyPaths = ["/etc/alternatives"],
        InstallHint = "apt-get install -y rustc gcc (elsewhere: https://rustup.rs/ and a C compiler to link with)",
    };
}
