using System.Reflection;
using System.Text.Json;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Library;

/// <summary>A delegate of any kind, called with arguments by name.</summary>
internal sealed class LocalMethod
{
    private readonly Delegate _function;
    private readonly MethodInfo _invoke;
    private readonly LocalParameter[] _parameters;

    private LocalMethod(Delegate function)
    {
        _function = function;
        _invoke = function.GetType().GetMethod("Invoke")!;
        // The names are those of the function itself; a static one may be bound to its first argument, which is then nobody's to give.
        ParameterInfo[] named = function.Method.GetParameters();
        _parameters = [.. named.Skip(named.Length - _invoke.GetParameters().Length).Select(parameter => new LocalParameter(parameter))];
    }

    /// <summary>The delegate as a function that tasks can call.</summary>
    public static LocalFunction FunctionOf(Delegate function)
    {
        if (function is LocalFunction local)
        {
            return local;
        }

        LocalMethod method = new(function);
        return method.IsSynchronous
            ? (parameters, stop) => OwnThread.RunAsync(() => method.Invoke(parameters, stop))
            : method.CallAsync;
    }

    /// <summary>Whether it gives its value at once, so that its thread is its own until then.</summary>
    private bool IsSynchronous => !typeof(Task).IsAssignableFrom(_invoke.ReturnType)
        && _invoke.ReturnType != typeof(ValueTask)
        && !(_invoke.ReturnType.IsGenericType && _invoke.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>));

    /// <summary>Calls it and waits for its value.</summary>
    /// <exception cref="InvalidTaskException">The arguments are not those that it takes; names every bad one.</exception>
    private async Task<object?> CallAsync(JsonElement? parameters, CancellationToken cancellationToken)
    {
        object? returned = Invoke(parameters, cancellationToken);
        if (IsSynchronous)
        {
            return returned;
        }

        Type type = _invoke.ReturnType;
        Task task = returned as Task
            ?? (returned is ValueTask valueTask ? valueTask.AsTask() : (Task)type.GetMethod(nameof(ValueTask.AsTask))!.Invoke(returned, null)!);
        await task;
        // An async method without a value also has a Task<T>, of a type of the compiler's.
        return type.IsGenericType ? task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task) : null;
    }

    /// <summary>Calls it.</summary>
    /// <exception cref="InvalidTaskException">The arguments are not those that it takes; names every bad one.</exception>
    private object? Invoke(JsonElement? parameters, CancellationToken cancellationToken) =>
        _invoke.Invoke(_function, BindingFlags.DoNotWrapExceptions, binder: null, Bind(parameters, cancellationToken), culture: null);

    private object?[] Bind(JsonElement? parameters, CancellationToken cancellationToken)
    {
        List<ValidationFault> faults = [];
        JsonElement?[] given = new JsonElement?[_parameters.Length];
        if (parameters is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) } other)
        {
            faults.Add(new ValidationFault("params", $"must be an object (names and values), was {TaskShape.Describe(other)}"));
        }

        foreach (JsonProperty property in parameters is { ValueKind: JsonValueKind.Object } named ? named.EnumerateObject() : default)
        {
            int place = Array.FindIndex(_parameters, parameter => !parameter.IsStop && parameter.IsCalled(property.Name));
            if (place < 0)
            {
                faults.Add(new ValidationFault(
                    $"params.{property.Name}",
                    ClosestName.Explain("parameter", property.Name, _parameters.Where(parameter => !parameter.IsStop).Select(parameter => parameter.Name))));
            }
            else
            {
                given[place] = property.Value;
            }
        }

        object?[] arguments =
        [
            .. _parameters.Select((parameter, place) => parameter.IsStop ? cancellationToken : parameter.Read(given[place], faults)),
        ];
        return faults.Count == 0 ? arguments : throw new InvalidTaskException(faults);
    }
}
