namespace Executor.Runners.Probing;

/// <summary>Tells programs from scripts.</summary>
internal static class BinaryFile
{
    /// <summary>Whether a file is an ELF or Mach-O binary. False when it can't be read.</summary>
    public static bool IsMachineCode(string path)
    {
        Span<byte> magic = stackalloc byte[4];
        try
        {
            using FileStream file = File.OpenRead(path);
            file.ReadExactly(magic);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        return magic.SequenceEqual("\u007fELF"u8)
            || magic.SequenceEqual((ReadOnlySpan<byte>)[0xCF, 0xFA, 0xED, 0xFE])
            || magic.SequenceEqual((ReadOnlySpan<byte>)[0xCA, 0xFE, 0xBA, 0xBE]);
    }
}
