// dotnet run --project examples/ParallelLibrary
using Executor.Library;
using ParallelLibrary;

Progress<ParallelProgress> progress = new(seen => Console.Error.WriteLine($"{seen.Ended} of {seen.Total}: {seen.TaskId} {seen.Result?.Status.ToString() ?? "begins"}"));
await Example.RunAsync(Console.Out, progress, CancellationToken.None);
