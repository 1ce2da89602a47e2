namespace Executor.Runtimes;

internal static class NodeRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "node",
        Aliases = ["javascript", "js", "nodejs"],
        Extensions = [".js", ".mjs", ".cjs"],
        SourceFile = "main.js",
        Interpreter = ["node", "nodejs"],
        Run = ["{interpreter}", "--stack-size={v8_stack_kb}", "{flags}", "{source}", "{args}"],
        Env = new Dictionary<string, string>
        {
            // V8 sizes its heap by the machine's memory, not by the limit: without this it is killed where collecting would have done.
            ["NODE_OPTIONS"] = "--max-old-space-size={heap_mb}",
        },
        Warm = WarmKind.PrestartNode,
        InstallHint = "apt-get install -y nodejs (elsewhere: the package nodejs, or https://nodejs.org/)",
    };
}
