using Executor.Limits;

namespace Executor.Runtimes;

/// <summary>
/// C# as a file-based app of .NET 10, <c>#:property</c> lines included; where there are several sources, as a project of them. It builds without a network and with an
/// empty package cache, so <c>#:package</c> works only where the task may use the network.
/// </summary>
internal static class CSharpRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "csharp",
        Aliases = ["c#", "cs", "dotnet"],
        Extensions = [".cs"],
        SourceFile = "main.cs",
        Interpreter = ["dotnet"],
        Compile =
        [
            "{interpreter}", "build", "{source}", "-o", ".executor/out", "--nologo", "-v:q",
            "{flags}",
            // Native AOT is a file-based app's default, and its compiler is a package.
            "-p:PublishAot=false",
            "-p:UseAppHost=false",
            "-p:AssemblyName=main",
            "-p:NuGetAudit=false",
            "-p:RunAnalyzers=false",
            // A compiler server would outlive the build.
            "-p:UseSharedCompilation=false",
        ],
        // DEBUG is defined, so that Debug.Assert is there; what runs is optimised all the same.
        Flags = ["-p:Configuration=Debug", "-p:Optimize=true"],
        Run = ["{interpreter}", ".executor/out/main.dll", "{args}"],
        Env = new Dictionary<string, string>
        {
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "true",
            ["DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK"] = "true",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            // The JIT's doubly mapped memory is a file to the kernel: the limit on file size would end it as "out of memory".
            ["DOTNET_EnableWriteXorExecute"] = "0",
            // The main thread's is the process's.
            ["DOTNET_Thread_DefaultStackSize"] = "{thread_stack_hex}",
            // The collector sizes its heap by the machine's memory, not by the limit.
            ["DOTNET_GCHeapHardLimit"] = "{heap_hex}",
        },
        Limits = new TaskLimits { Pids = 256, DiskMb = 128 },
        CompileLimits = new TaskLimits { MemoryMb = 1024, CpuTime = 120, Pids = 512, OpenFiles = 1024, FileSizeMb = 64 },
        CompileTimeout = TimeSpan.FromSeconds(90),
        InstallHint = "install the .NET 10 SDK (package dotnet-sdk-10.0, or https://dotnet.microsoft.com/download)",
    };
}
