namespace Executor.Runtimes;

internal static class BashRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "bash",
        Aliases = ["sh", "shell"],
        Extensions = [".sh", ".bash"],
        SourceFile = "main.sh",
        Interpreter = ["bash"],
        Run = ["{interpreter}", "{flags}", "{source}", "{args}"],
        // awk and its like are links into it.
        ReadOnlyPaths = ["/etc/alternatives"],
        InstallHint = "apt-get install -y bash (elsewhere: the package bash)",
    };
}
