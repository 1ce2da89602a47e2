using System.Collections.Concurrent;

namespace Executor.Grains;

/// <summary>Counts the calls that grains get from others, by their keys.</summary>
internal sealed class GrainCallCounts
{
    private readonly ConcurrentDictionary<string, int> _calls = [];

    public int Of(string key) => _calls.GetValueOrDefault(key);

    public Task CountAsync(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod?.DeclaringType?.Assembly == typeof(GrainKeys).Assembly)
        {
            _calls.AddOrUpdate(context.TargetId.Key.ToString()!, 1, (_, calls) => calls + 1);
        }

        return context.Invoke();
    }
}
