namespace Executor.Runners;

/// <summary>The languages whose runtimes are built in, for theories about each.</summary>
public static class BuiltInLanguages
{
    public static TheoryData<string> All => ["bash", "c", "cpp", "csharp", "go", "java", "node", "perl", "php", "python", "ruby", "rust"];
}
