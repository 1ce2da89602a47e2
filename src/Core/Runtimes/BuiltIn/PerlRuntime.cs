namespace Executor.Runtimes;

internal static class PerlRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "perl",
        Aliases = ["pl"],
        Extensions = [".pl"],
        SourceFile = "main.pl",
        Interpreter = ["perl"],
        Run = ["{interpreter}", "{flags}", "{source}", "{args}"],
        VersionArgs = ["-e", "print $^V"],
        InstallHint = "apt-get install -y perl (elsewhere: the package perl)",
    };
}
