using Executor.Limits;

namespace Executor.Runtimes;

/// <summary>Java: a file is named as its public class, which the task's <c>code</c> is for it.</summary>
internal static class JavaRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "java",
        Extensions = [".java"],
        SourceFile = "Main.java",
        Interpreter = ["javac"],
        Compile = ["{interpreter}", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-J-XX:-UsePerfData", "-J-XX:MaxRAM={memory_mb}m", "-d", ".executor/classes", "{sources}"],
        // To the JVM: assertions are on.
        Flags = ["-ea"],
        Run =
        [
            "{bin}/java",
            // Small and quick to start: one collector thread, one compiler, no shared file of counters.
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
            // The heap by the limit, not by the machine's memory; the rest is for code, classes and stacks.
            // The launcher makes the main thread with the first size, the JVM the others with the second.
            "-XX:MaxRAM={memory_mb}m", "-XX:MaxRAMPercentage=60", "-Xss{main_stack_mb}m", "-XX:ThreadStackSize={thread_stack_kb}",
            "{flags}",
            "-cp", ".executor/classes:.", "{main}", "{args}",
        ],
        Limits = new TaskLimits { Pids = 256 },
        CompileLimits = new TaskLimits { MemoryMb = 512, CpuTime = 60, Pids = 256, OpenFiles = 1024 },
        InstallHint = "apt-get install -y default-jdk-headless (elsewhere: the package java-17-openjdk-devel or jdk, or https://adoptium.net/)",
    };
}
