// Each test has a cluster of its own on all of the machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
