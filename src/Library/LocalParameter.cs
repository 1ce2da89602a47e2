using System.Reflection;
using System.Text.Json;
using Executor.Tasks;

namespace Executor.Library;

/// <summary>A parameter of a function of this process, to which an argument is given by name.</summary>
internal sealed class LocalParameter(ParameterInfo parameter)
{
    /// <summary>Its name as the function writes it.</summary>
    public string Name { get; } = parameter.Name ?? $"arg{parameter.Position + 1}";

    /// <summary>Whether it is the token that asks the function to stop.</summary>
    public bool IsStop { get; } = parameter.ParameterType == typeof(CancellationToken);

    /// <summary>Whether an argument of that name is for it: its own name, or that in snake_case.</summary>
    public bool IsCalled(string name) => name == Name || name == JsonNamingPolicy.SnakeCaseLower.ConvertName(Name);

    /// <summary>The argument; where it can't be one, adds a fault and answers null.</summary>
    public object? Read(JsonElement? given, List<ValidationFault> faults)
    {
        if (given is not JsonElement value)
        {
            if (!parameter.HasDefaultValue)
            {
                faults.Add(new ValidationFault($"params.{Name}", $"is missing; it must be {Wanted}"));
            }

            return parameter.HasDefaultValue ? parameter.DefaultValue : null;
        }

        try
        {
            object? argument = value.Deserialize(parameter.ParameterType, LocalJson.Options);
            if (argument is not null || CanBeNull)
            {
                return argument;
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or InvalidOperationException)
        {
            // Told below: what was wanted says more than what the reader stumbled over.
        }

        faults.Add(new ValidationFault($"params.{Name}", $"must be {Wanted}, was {TaskShape.Describe(value)}"));
        return null;
    }

    /// <summary>The parameter in a list of parameters.</summary>
    public override string ToString() => $"{Name} ({Wanted}{(parameter.HasDefaultValue ? ", optional" : "")})";

    private bool CanBeNull => Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || (!parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState != NullabilityState.NotNull);

    private string Wanted => Type.GetTypeCode(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) switch
    {
        TypeCode.String => "a text",
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 or TypeCode.Int64 or TypeCode.Int16 or TypeCode.Byte => "a whole number",
        TypeCode.Double or TypeCode.Single or TypeCode.Decimal => "a number",
        _ => parameter.ParameterType.Name,
    };
}
