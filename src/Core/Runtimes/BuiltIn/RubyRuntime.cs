namespace Executor.Runtimes;

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
        Env = new Dictionary<string, string>
        {
            // Ruby's calls are on a stack of its own, of 1 MiB without this.
            ["RUBY_THREAD_VM_STACK_SIZE"] = "{thread_stack_bytes}",
        },
        InstallHint = "apt-get install -y ruby (elsewhere: the package ruby, or https://www.ruby-lang.org/)",
    };
}
