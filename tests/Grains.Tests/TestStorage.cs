using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Storage;

namespace Executor.Grains;

/// <summary>Grain storage that fails where a test wants it to, and counts what is written.</summary>
internal sealed class TestStorage(IGrainStorage storage, TestStorage.Faults faults) : IGrainStorage
{
    /// <summary>The name of the storage behind it.</summary>
    public const string Behind = "behind";

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        faults.ThrowIfAway(grainId);
        return storage.ReadStateAsync(stateName, grainId, grainState);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        faults.ThrowIfAway(grainId);
        // A copy, for what becomes of an answer that was lost.
        GrainState<T> written = new(grainState.State!, grainState.ETag) { RecordExists = grainState.RecordExists };
        await storage.WriteStateAsync(stateName, grainId, written);
        faults.Written(grainId);
        (grainState.ETag, grainState.RecordExists) = (written.ETag, written.RecordExists);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        faults.ThrowIfAway(grainId);
        return storage.ClearStateAsync(stateName, grainId, grainState);
    }

    /// <summary>What goes wrong, by the keys of grains.</summary>
    internal sealed class Faults
    {
        private readonly ConcurrentDictionary<string, bool> _away = [];
        private readonly ConcurrentDictionary<string, int> _lostAnswers = [];
        private readonly ConcurrentDictionary<string, int> _writes = [];

        /// <summary>Whether storage can be reached for a grain.</summary>
        public void SetAway(string key, bool isAway) => _away[key] = isAway;

        /// <summary>Lets the next write of a grain be done, and its answer be lost.</summary>
        public void LoseAnswer(string key) => _lostAnswers[key] = 1;

        /// <summary>How often a grain has written.</summary>
        public int WritesOf(string key) => _writes.GetValueOrDefault(key);

        public void ThrowIfAway(GrainId grain)
        {
            if (_away.GetValueOrDefault(grain.Key.ToString()!))
            {
                throw new IOException("the database is away");
            }
        }

        public void Written(GrainId grain)
        {
            string key = grain.Key.ToString()!;
            _writes.AddOrUpdate(key, 1, (_, writes) => writes + 1);
            if (_lostAnswers.TryRemove(key, out _))
            {
                throw new IOException("the connection broke");
            }
        }
    }
}
