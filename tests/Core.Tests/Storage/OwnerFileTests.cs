namespace Executor.Storage;

public sealed class OwnerFileTests : IDisposable
{
    private const UnixFileMode Folder = (UnixFileMode)0b111_000_000;
    private const UnixFileMode OfOwner = (UnixFileMode)0b110_000_000;
    private const UnixFileMode Chosen = (UnixFileMode)0b111_101_101;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_that_are_made_are_their_owners_alone_and_those_that_are_there_stay_as_they_are()
    {
        Modes.Set(_folder.Path, Chosen);

        string made = OwnerFile.MakeFolder(_folder.At("a/b/../c/"));

        Assert.Equal(_folder.At("a/c"), made.TrimEnd('/'));
        Assert.Equal((Chosen, Folder, Folder), (Modes.Of(_folder.Path), Modes.Of(_folder.At("a")), Modes.Of(_folder.At("a/c"))));
        Modes.Set(made, Chosen);
        OwnerFile.MakeFolder(made);
        Assert.Equal(Chosen, Modes.Of(made));
    }

    [Fact]
    public void File_that_is_made_is_its_owners_alone_and_one_that_is_there_keeps_its_mode()
    {
        OwnerFile.Open(_folder.At("new"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None).Dispose();
        Modes.Set(_folder.Write("old"), Chosen);
        OwnerFile.Open(_folder.At("old"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None).Dispose();

        Assert.Equal((OfOwner, Chosen), (Modes.Of(_folder.At("new")), Modes.Of(_folder.At("old"))));
    }

    [Fact]
    public void File_is_closed_to_others()
    {
        Modes.Set(_folder.Write("open"), (UnixFileMode)0b110_110_110);

        OwnerFile.Close(_folder.At("open"));

        Assert.Equal(OfOwner, Modes.Of(_folder.At("open")));
    }

    [Fact]
    public void Folder_whose_place_a_file_has_is_not_made() => Assert.ThrowsAny<IOException>(() => OwnerFile.MakeFolder(Path.Combine(_folder.Write("file"), "below")));
}
