namespace Executor.Runners;
/// <summary>x</summary>
public sealed class TaskRunner { }
