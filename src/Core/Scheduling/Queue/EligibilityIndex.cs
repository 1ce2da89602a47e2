namespace Executor.Scheduling;

/// <summary>
/// Which groups of tasks may go to which pools of executors. Both are filed under names, so that neither a new group nor a new
/// pool is compared with those that can't match: a million tasks that each need a capability nobody has cost an executor nothing.
/// </summary>
internal sealed class EligibilityIndex(StepCounter counter)
{
    private readonly Dictionary<RequirementGroup.Eligibility, RequirementGroup> _groups = [];
    private readonly Dictionary<ExecutorProfile, ExecutorPool> _pools = [];
    private readonly Dictionary<Anchor, Bucket> _buckets = [];

    public IEnumerable<ExecutorPool> Pools => _pools.Values;

    /// <summary>The group for these requirements, made if it isn't there.</summary>
    public RequirementGroup GroupFor(TaskRequirements requirements)
    {
        RequirementGroup.Eligibility key = RequirementGroup.Eligibility.Of(requirements);
        if (_groups.TryGetValue(key, out RequirementGroup? known))
        {
            return known;
        }

        RequirementGroup group = new(key, counter);
        _groups.Add(key, group);
        Bucket bucket = BucketFor(Anchor.Of(key));
        bucket.Groups.Add(group);
        foreach (ExecutorPool pool in bucket.Pools)
        {
            counter.Step();
            Match(group, pool);
        }

        return group;
    }

    /// <summary>The pool for this profile, made if it isn't there.</summary>
    public ExecutorPool PoolFor(ExecutorProfile profile)
    {
        if (_pools.TryGetValue(profile, out ExecutorPool? known))
        {
            return known;
        }

        ExecutorPool pool = new(profile, counter);
        _pools.Add(profile, pool);
        foreach (Anchor anchor in Anchor.AllOf(profile))
        {
            Bucket bucket = BucketFor(anchor);
            bucket.Pools.Add(pool);
            foreach (RequirementGroup group in bucket.Groups)
            {
                counter.Step();
                Match(group, pool);
            }
        }

        return pool;
    }

    public void Remove(RequirementGroup group)
    {
        _groups.Remove(group.Key);
        foreach (ExecutorPool pool in group.Pools)
        {
            pool.Groups.Remove(group);
        }

        Anchor anchor = Anchor.Of(group.Key);
        _buckets[anchor].Groups.Remove(group);
        DropIfEmpty(anchor);
    }

    public void Remove(ExecutorPool pool)
    {
        _pools.Remove(pool.Profile);
        foreach (RequirementGroup group in pool.Groups)
        {
            group.Pools.Remove(pool);
        }

        foreach (Anchor anchor in Anchor.AllOf(pool.Profile))
        {
            _buckets[anchor].Pools.Remove(pool);
            DropIfEmpty(anchor);
        }
    }

    private static void Match(RequirementGroup group, ExecutorPool pool)
    {
        if (pool.Profile.Offers(group.Key))
        {
            group.Pools.Add(pool);
            pool.Groups.Add(group);
        }
    }

    private Bucket BucketFor(Anchor anchor)
    {
        if (!_buckets.TryGetValue(anchor, out Bucket? bucket))
        {
            _buckets.Add(anchor, bucket = new Bucket());
        }

        return bucket;
    }

    private void DropIfEmpty(Anchor anchor)
    {
        if (_buckets[anchor] is { Groups.Count: 0, Pools.Count: 0 })
        {
            _buckets.Remove(anchor);
        }
    }

    private sealed class Bucket
    {
        public HashSet<RequirementGroup> Groups { get; } = [];

        public HashSet<ExecutorPool> Pools { get; } = [];
    }

    /// <summary>One name that a group's executors must have, if it asks for any; a pool is filed under all that it has.</summary>
    private readonly record struct Anchor(string? Capability, string? CodeExecutor)
    {
        public static Anchor Of(RequirementGroup.Eligibility key) =>
            key.Capabilities.Count > 0 ? new Anchor(key.Capabilities.First, null) : new Anchor(null, key.CodeExecutor);

        public static IEnumerable<Anchor> AllOf(ExecutorProfile profile) =>
            profile.Capabilities.Select(name => new Anchor(name, null))
                .Concat(profile.CodeExecutors.Select(name => new Anchor(null, name)))
                .Append(new Anchor(null, null));
    }
}
