namespace Executor.Runtimes;

internal static class PythonRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "python",
        Aliases = ["py", "python3"],
        Extensions = [".py", ".pyw"],
        SourceFile = "main.py",
        Interpreter = ["python3", "python"],
        Run = ["{interpreter}", "{flags}", "{source}", "{args}"],
        Env = new Dictionary<string, string>
        {
            // What was printed must be seen at once, and must not be lost when a timeout ends the program.
            ["PYTHONUNBUFFERED"] = "1",
            // Byte code written beside the sources would count as the task's files and is never read again.
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            // OpenBLAS starts a thread for each core otherwise, each with memory of its own.
            ["OPENBLAS_NUM_THREADS"] = "8",
        },
        Warm = WarmKind.ForkPython,
        InstallHint = "apt-get install -y python3 (elsewhere: the package python3, or https://www.python.org/downloads/)",
    };
}
