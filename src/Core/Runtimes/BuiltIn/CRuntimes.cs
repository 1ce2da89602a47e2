using Executor.Limits;

namespace Executor.Runtimes;

internal static class CRuntimes
{
    /// <summary>One heavy header (regex, ranges) takes 300 MiB; under less the compiler doesn't fail, it thrashes.</summary>
    private static readonly TaskLimits CompileLimits = new() { MemoryMb = 1024, CpuTime = 60, FileSizeMb = 64 };

    public static RuntimeDefinition C { get; } = new()
    {
        Name = "c",
        Extensions = [".c"],
        SourceFile = "main.c",
        Interpreter = ["gcc", "clang", "cc"],
        // The GNU dialects, as the compilers have them by themselves: strict ISO hides strdup, M_PI, getline and what else POSIX declares.
        Flags = ["-O2", "-std=gnu17"],
        Compile = ["{interpreter}", "{flags}", "-o", ".executor/main", "{sources}", "-lm", "-pthread"],
        Run = ["./.executor/main", "{args}"],
        CompileLimits = CompileLimits,
        // cc and c++ are links into it.
        ReadOnlyPaths = ["/etc/alternatives"],
        InstallHint = "apt-get install -y gcc libc6-dev (elsewhere: the packages gcc and the C library's headers)",
    };

    public static RuntimeDefinition Cpp { get; } = new()
    {
        Name = "cpp",
        Aliases = ["c++", "cxx"],
        Extensions = [".cpp", ".cc", ".cxx", ".c++"],
        SourceFile = "main.cpp",
        Interpreter = ["g++", "clang++", "c++"],
        Flags = ["-O2", "-std=gnu++20"],
        Compile = ["{interpreter}", "{flags}", "-o", ".executor/main", "{sources}", "-lm", "-pthread"],
        Run = ["./.executor/main", "{args}"],
        CompileLimits = CompileLimits,
        // cc and c++ are links into it.
        ReadOnlyPaths = ["/etc/alternatives"],
        InstallHint = "apt-get install -y g++ (elsewhere: the package g++ or gcc-c++)",
    };
}
