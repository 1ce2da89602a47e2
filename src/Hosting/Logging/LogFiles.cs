using System.Globalization;
using Executor.Configuration;
using Executor.Storage;

namespace Executor.Hosting.Logging;

/// <summary>A logger's file and those that were begun after it when it was full: <c>main.log</c>, <c>main_001.log</c>, …</summary>
internal sealed class LogFiles(string path)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private readonly string _stem = Path.GetFileNameWithoutExtension(path);
    private readonly string _extension = Path.GetExtension(path);

    /// <summary>Makes sure that lines can be written: the logging library would say nothing and drop them.</summary>
    /// <exception cref="ConfigurationException">They can't.</exception>
    public void RequireWritable(string loggerName)
    {
        string newest = path;
        try
        {
            OwnerFile.MakeFolder(_folder);
            newest = InOrder().LastOrDefault() ?? path;
            using FileStream file = OwnerFile.Open(newest, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string reason = Directory.Exists(newest) ? "is a folder, not a file" : exception.Message;
            throw new ConfigurationException(
                [new ConfigurationFault(newest, null, $"logging.{loggerName}.file", $"can't be written to as logging.{loggerName}.file: {reason}")]);
        }
    }

    /// <summary>The number of the newest file; 0 where there is none.</summary>
    public int NewestNumber() => InOrder().Select(file => NumberOf(Path.GetFileName(file))!.Value).LastOrDefault();

    /// <summary>The file of a number over 0.</summary>
    public string At(int number) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_stem}_{number:000}{_extension}"));

    /// <summary>Removes the files last written to before <paramref name="time"/>, but not the newest: it may be in use.</summary>
    public void RemoveOlderThan(DateTime time)
    {
        try
        {
            foreach (string file in InOrder().SkipLast(1).Where(file => File.GetLastWriteTimeUtc(file) < time))
            {
                File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An old log that can't be removed is no reason to stop; it is tried again the next time.
        }
    }

    /// <summary>The files there are, the oldest first.</summary>
    private IEnumerable<string> InOrder() => Directory
        .EnumerateFiles(_folder, $"{_stem}*{_extension}")
        .Select(file => (File: file, Number: NumberOf(Path.GetFileName(file))))
        .Where(numbered => numbered.Number is not null)
        .OrderBy(numbered => numbered.Number)
        .Select(numbered => numbered.File);

    /// <summary>0 for the first file, n for <c>_00n</c>, null for a file that isn't of these.</summary>
    private int? NumberOf(string name)
    {
        if (name == _stem + _extension)
        {
            return 0;
        }

        return name.Length > _stem.Length + 1 + _extension.Length
            && name.StartsWith($"{_stem}_", StringComparison.Ordinal)
            && name.EndsWith(_extension, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan()[(_stem.Length + 1)..^_extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
    }
}
