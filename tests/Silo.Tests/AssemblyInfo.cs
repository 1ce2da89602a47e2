// Each test has a cluster of its own on all of the machine. Much of it is waiting until a lost silo is noticed, so two go on at once.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 2)]
