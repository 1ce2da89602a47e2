// Tests here count processes, mounts and groups of the whole machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
