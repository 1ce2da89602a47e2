using System.Text.Json;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>What a task calls: a function of its source, or of a module; without a function, a module run as the program.</summary>
/// <param name="Source">The source file; null for a module.</param>
/// <param name="Module">The module; null for a source file.</param>
/// <param name="Function">The function; null: the module is the program.</param>
internal sealed record CallTarget(string? Source, string? Module, string? Function)
{
    /// <summary>The target; null when the task calls nothing. Only for tasks without fault.</summary>
    public static CallTarget? Of(TaskSpec task, string source = "") => task switch
    {
        { Callable: string function } => new CallTarget(source, null, function),
        { Entrypoint: string entrypoint } => Split(entrypoint),
        _ => null,
    };

    public static void Check(TaskSpec task, RuntimeDefinition? runtime, RuntimeCatalog catalog, List<ValidationFault> faults)
    {
        string field = task.Entrypoint is not null ? "entrypoint" : "callable";
        if (task.Callable is not null && task.Code is null && task.Script is null)
        {
            faults.Add(new ValidationFault("callable", "goes with code or script; an entrypoint names its function itself (package.module:function)"));
            return;
        }

        CallTarget target = Of(task)!;
        if (target.Module is "" || target.Function is "" || target.Module?.StartsWith('-') == true)
        {
            faults.Add(new ValidationFault(field, field == "callable"
                ? "must name a function"
                : $"'{task.Entrypoint}' must be package.module:function, or package.module to run it as a program"));
        }

        if (runtime is not null && CallHarness.For(runtime) is null)
        {
            string able = string.Join(", ", catalog.All.Where(other => CallHarness.For(other) is not null).Select(other => other.Name));
            faults.Add(new ValidationFault(field, $"functions of {runtime.Name} can't be called; those of these can: {able}"));
        }

        if (task.Params is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) })
        {
            faults.Add(new ValidationFault("params", "must be a JSON object: the function's arguments by name"));
        }
    }

    /// <summary>The command that runs the module as a program, as <c>python -m</c> does.</summary>
    public IReadOnlyList<string> MainCommand(RuntimeDefinition runtime) => runtime.Family == "python"
        ? Command(runtime, "-m", Module!)
        : Command(runtime, $"./{AsPath(Module!)}");

    /// <summary>The runtime's command with something else than the source.</summary>
    public static IReadOnlyList<string> Command(RuntimeDefinition runtime, params string[] script) =>
        [.. runtime.Run.Contains("{source}") ? runtime.Run.TakeWhile(part => part != "{source}") : ["{interpreter}", "{flags}"], .. script, "{args}"];

    /// <summary>A dotted name is a path to Node, which knows no packages of that kind.</summary>
    public static string AsPath(string module) =>
        module.Contains('/') || module.EndsWith("js", StringComparison.Ordinal) ? module : module.Replace('.', '/');

    private static CallTarget Split(string entrypoint)
    {
        int colon = entrypoint.LastIndexOf(':');
        return colon < 0 ? new CallTarget(null, entrypoint, null) : new CallTarget(null, entrypoint[..colon], entrypoint[(colon + 1)..]);
    }
}
