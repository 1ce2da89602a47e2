using System.Text.Json;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Runners.Plans;

/// <summary>
/// The script that calls a task's function inside the task's own process. A function of Python gets <c>params</c> as keyword
/// arguments, one of Node gets the object as its one argument; coroutines and promises are awaited, and a generator's value is the
/// list of what it yields.
/// </summary>
internal sealed class CallHarness
{
    /// <summary>Where it writes the value, by renaming a finished file.</summary>
    public const string ResultFile = $"{ExecutionPlan.OwnFolder}/result.json";

    private const string RequestFile = $"{ExecutionPlan.OwnFolder}/call.json";
    private static readonly CallHarness Python = new("call.py");
    private static readonly CallHarness Node = new("call.cjs");
    private readonly string _name;
    private readonly Lazy<byte[]> _content;

    private CallHarness(string name)
    {
        _name = name;
        _content = new Lazy<byte[]>(() => Read(name));
    }

    /// <summary>The harness of a runtime; null when its functions can't be called.</summary>
    public static CallHarness? For(RuntimeDefinition runtime) => runtime.Family switch
    {
        "python" => Python,
        "node" => Node,
        _ => null,
    };

    /// <summary>Its path in the working directory.</summary>
    public string Script => $"{ExecutionPlan.OwnFolder}/{_name}";

    /// <summary>The files it needs: itself, and what to call.</summary>
    public IEnumerable<WorkspaceFile> Files(CallTarget target, JsonElement? parameters) =>
        [new WorkspaceFile(Script, _content.Value), new WorkspaceFile(RequestFile, Request(target, parameters))];

    private byte[] Request(CallTarget target, JsonElement? parameters)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (target.Source is not null)
            {
                json.WriteString("source", target.Source);
            }
            else
            {
                json.WriteString("module", this == Node ? CallTarget.AsPath(target.Module!) : target.Module);
            }

            json.WriteString("function", target.Function);
            json.WritePropertyName("params");
            if (parameters is { ValueKind: JsonValueKind.Object } given)
            {
                given.WriteTo(json);
            }
            else
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static byte[] Read(string name)
    {
        using Stream resource = typeof(CallHarness).Assembly.GetManifestResourceStream($"Executor.Harness.{name}")!;
        byte[] content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
