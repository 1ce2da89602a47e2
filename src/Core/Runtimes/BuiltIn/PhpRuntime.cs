namespace Executor.Runtimes;

internal static class PhpRuntime
{
    public static RuntimeDefinition Definition { get; } = new()
    {
        Name = "php",
        Extensions = [".php"],
        SourceFile = "main.php",
        Interpreter = ["php"],
        // Errors once, on standard error, whatever php.ini says.
        Run = ["{interpreter}", "-d", "display_errors=stderr", "-d", "log_errors=0", "-d", "memory_limit={heap_mb}M", "{flags}", "{source}", "{args}"],
        // A failed assert() is an error, as without a php.ini; the packaged ones compile assertions out.
        Flags = ["-d", "zend.assertions=1", "-d", "assert.exception=1"],
        // Its settings name the extensions to load.
        ReadOnlyPaths = ["/etc/php", "/etc/alternatives"],
        InstallHint = "apt-get install -y php-cli (elsewhere: the package php or php-cli)",
    };
}
