using System.Text.Json.Serialization;
using Executor.Grains.Executors;
using Executor.Grains.Sessions;

namespace Executor.Grains.Hosting;

/// <summary>The JSON in which grains' states are stored.</summary>
[JsonSerializable(typeof(ExecutorState))]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(SessionIndexState))]
internal sealed partial class GrainStateJson : JsonSerializerContext;
