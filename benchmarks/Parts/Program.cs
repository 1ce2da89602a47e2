using BenchmarkDotNet.Running;
using Executor.Benchmarks.Parts;

BenchmarkSwitcher.FromTypes([typeof(PartsBenchmark)]).Run(args.Length == 0 ? ["--filter", "*", "--job", "short"] : args);
