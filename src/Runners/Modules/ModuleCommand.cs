namespace Executor.Runners.Modules;

/// <summary>A command of the program: what it takes and does, without knowing how command lines are read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, for its help.</param>
public sealed record ModuleCommand(string Name, string Description)
{
    /// <summary>What its help ends with, indented by two spaces; null: nothing.</summary>
    public string? Examples { get; init; }

    /// <summary>Commands below it.</summary>
    public IReadOnlyList<ModuleCommand> Commands { get; init; } = [];

    /// <summary>What it can be given, in the order of its help.</summary>
    public IReadOnlyList<ModuleInput> Inputs { get; init; } = [];

    /// <summary>
    /// Does it, and gives the exit code. An <see cref="Executor.Tasks.InvalidInputException"/> says what is wrong with an input. Null: one of those
    /// below it must be named.
    /// </summary>
    public Func<IModuleCommandLine, Task<int>>? RunAsync { get; init; }
}

/// <summary>Something that a command can be given.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name: <c>--package</c>, or <c>NAME</c> of an argument.</param>
/// <param name="Description">For the help.</param>
/// <param name="ValueName">How the help names its value; null: it has none, or is an argument.</param>
public sealed record ModuleInput(ModuleInputKind Kind, string Name = "", string Description = "", string? ValueName = null)
{
    /// <summary>The configuration, as all commands take it.</summary>
    public static ModuleInput Configuration { get; } = new(ModuleInputKind.Configuration);
}

/// <summary>A kind of <see cref="ModuleInput"/>.</summary>
public enum ModuleInputKind
{
    /// <summary>A text by its place, which must be given.</summary>
    Argument,

    /// <summary>An option with a text.</summary>
    Text,

    /// <summary>An option with a text that may be given several times.</summary>
    Texts,

    /// <summary>An option without a value.</summary>
    Flag,

    /// <summary>The option that names the configuration.</summary>
    Configuration,
}
