namespace Executor.Runtimes.BuiltIn;

internal static class RubyRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "ruby",
        Aliases = ["rb"],
        Extensions = [".rb"],
        SourceFile = "main.rb",
        Interpreter = ["ruby"],
        Run = ["{interpreter}", "{flags}", "{source}", "{args}"],
        InstallHint = "apt-get install -y ruby (elsewhere: the package ruby, or https://www.ruby-lang.org/)",
    };
}
