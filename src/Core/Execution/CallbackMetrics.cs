namespace Executor.Execution;

/// <summary>Results posted to <c>callback_url</c>. The first three since the start, the others as they were within the last seconds.</summary>
/// <param name="Sent">Results that were delivered.</param>
/// <param name="Failed">Posts that failed.</param>
/// <param name="GivenUp">Callbacks that were given up.</param>
/// <param name="Waiting">Callbacks that are to be tried, or tried again.</param>
/// <param name="Dead">Callbacks that were given up and are kept.</param>
public sealed record CallbackMetrics(long Sent, long Failed, long GivenUp, long Waiting, long Dead);
