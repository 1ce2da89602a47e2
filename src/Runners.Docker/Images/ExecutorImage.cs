using Executor.Executors;
using Executor.Runners.Docker.Options;

namespace Executor.Runners.Docker.Images;

/// <summary>A code executor's image as the engine has it.</summary>
/// <param name="Executor">The code executor.</param>
/// <param name="Id">The digest of the image's content; null: the engine does not have it.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Created">When it was made.</param>
internal sealed record ExecutorImage(DockerCodeExecutorOptions Executor, string? Id, long SizeBytes, DateTimeOffset? Created);
