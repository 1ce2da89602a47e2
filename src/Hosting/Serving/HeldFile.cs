using Executor.Storage;

namespace Executor.Hosting.Serving;

/// <summary>A file that one process at a time holds. The kernel lets go of it however the process ends.</summary>
public sealed class HeldFile : IDisposable
{
    private readonly FileStream _file;

    private HeldFile(FileStream file) => _file = file;

    /// <summary>Makes the file and its folder where they are missing, for this user alone, and holds it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="setting">What names the place, for messages.</param>
    /// <param name="held">What is held with it, for messages.</param>
    /// <param name="advice">What to do when another server holds it.</param>
    /// <exception cref="UsageException">It can't be made or written, or another server holds it.</exception>
    public static HeldFile Open(string path, string setting, string held, string advice)
    {
        try
        {
            OwnerFile.MakeFolder(Path.GetDirectoryName(path)!);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{setting}: {Path.GetDirectoryName(path)} can't be made: {failed.Message}");
        }

        try
        {
            return new HeldFile(OwnerFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"{setting}: {Path.GetDirectoryName(path)} can't be written by this user");
        }
        catch (IOException)
        {
            throw new UsageException($"{setting}: another server uses {held}; stop it, or {advice}");
        }
    }

    public void Dispose() => _file.Dispose();
}
