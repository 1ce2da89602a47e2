using System.Text.Json.Serialization;
using Executor.Grains.Executors;

namespace Executor.Grains.Hosting;

/// <summary>The JSON in which grains' states are stored.</summary>
[JsonSerializable(typeof(ExecutorState))]
internal sealed partial class GrainStateJson : JsonSerializerContext;
