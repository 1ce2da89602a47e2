namespace Executor.Execution;

/// <summary>The service is being stopped and takes nothing more.</summary>
public sealed class ServiceStoppingException() : Exception("the server is stopping and takes nothing more");
