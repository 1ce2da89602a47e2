using System.Text.Json;
using Executor.Tasks;

namespace Executor.Storage.Sql.Rows;

/// <summary>Reads specs as the tables keep them.</summary>
internal static class SpecJson
{
    public static TaskSpec Read(string json) => JsonSerializer.Deserialize(json, StoredJson.Context.TaskSpec)!;
}
