using System.Globalization;
using Executor.Configuration.Batches;

namespace Executor.Cli.Batch;

/// <summary>Gives the tasks of a batch that bring no id one by their place in the file, the same every time it is read.</summary>
internal sealed class BatchIds
{
    private long _line;
    private int _onLine;

    /// <summary>The task's own id, else <c>line-N</c>; a second one that begins on the same line is <c>line-N.2</c>. Call it for each entry, in order.</summary>
    public string Of(TaskBatchEntry entry)
    {
        (_line, _onLine) = (entry.Line, entry.Line == _line ? _onLine + 1 : 1);
        string byPlace = string.Create(CultureInfo.InvariantCulture, $"line-{_line}");
        return entry.Reading.Task?.TaskId ?? (_onLine == 1 ? byPlace : string.Create(CultureInfo.InvariantCulture, $"{byPlace}.{_onLine}"));
    }
}
