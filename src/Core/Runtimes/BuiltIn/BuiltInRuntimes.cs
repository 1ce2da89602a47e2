namespace Executor.Runtimes;

/// <summary>The runtimes that need no configuration.</summary>
internal static class BuiltInRuntimes
{
    public static IReadOnlyList<RuntimeDefinition> All { get; } =
    [
        BashRuntime.Definition,
        CRuntimes.C,
        CRuntimes.Cpp,
        CSharpRuntime.Definition,
        GoRuntime.Definition,
        JavaRuntime.Definition,
        NodeRuntime.Definition,
        PerlRuntime.Definition,
        PhpRuntime.Definition,
        PythonRuntime.Definition,
        RubyRuntime.Definition,
        RustRuntime.Definition,
    ];
}
