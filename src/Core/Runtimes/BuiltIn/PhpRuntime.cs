namespace Executor.Runtimes.BuiltIn;

internal static class PhpRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "php",
        Extensions = [".php"],
        SourceFile = "main.php",
        Interpreter = ["php"],
        // Errors once, on standard error, whatever php.ini says.
        Run = ["{interpreter}", "-d", "display_errors=stderr", "-d", "log_errors=0", "-d", "memory_limit={heap_mb}M", "{source}", "{args}"],
        // Its settings name the extensions to load.
        ReadOnlyPaths = ["/etc/php", "/etc/alternatives"],
        InstallHint = "apt-get install -y php-cli (elsewhere: the package php or php-cli)",
    };
}
