using Executor.Runtimes;

namespace Executor.Runners.Probing;

/// <summary>What any user can write decides nothing about what this machine's tools run.</summary>
public sealed class ToolPlacesTests : IDisposable
{
    private const UnixFileMode Open = (UnixFileMode)0b111_111_111;
    private const UnixFileMode Own = (UnixFileMode)0b111_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Home_that_others_can_write_is_none()
    {
        string open = Make("open", Open), sticky = Make("sticky", Open | UnixFileMode.StickyBit), own = Make("own", Own);

        Assert.Equal(ToolPlaces.NoHome, HomeOf(open));
        Assert.Equal(ToolPlaces.NoHome, HomeOf(sticky));
        Assert.Equal(own, HomeOf(own));
    }

    [Fact]
    public void Home_that_others_can_make_or_replace_is_none()
    {
        string open = Make("open", Open), sticky = Make("sticky", Open | UnixFileMode.StickyBit);

        Assert.Equal(ToolPlaces.NoHome, HomeOf(Path.Combine(sticky, "absent")));
        Assert.Equal(ToolPlaces.NoHome, HomeOf(Make("open/own", Own)));
        Assert.Equal(ToolPlaces.NoHome, HomeOf("relative"));
        Assert.Equal($"{sticky}/own", HomeOf(Make("sticky/own", Own))); // the system lets nobody else remove it
        Assert.Equal("/nonexistent", HomeOf("/nonexistent")); // nobody but root can make it
        Assert.True(Directory.Exists(open));
    }

    [Fact]
    public void Configuration_that_others_can_write_is_none()
    {
        Dictionary<string, string> environment = new()
        {
            ["XDG_CONFIG_HOME"] = Make("open", Open),
            ["XDG_CACHE_HOME"] = Make("own", Own),
            ["OTHER"] = "kept",
        };

        Assert.Equal(["OTHER", "XDG_CACHE_HOME"], ToolPlaces.In(environment).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Version_managers_choose_by_no_folder_that_others_can_write_or_that_lies_in_one()
    {
        Assert.Equal("/", ToolPlaces.ToChooseBy(Make("open", Open)));
        Assert.Equal("/", ToolPlaces.ToChooseBy(Make("sticky", Open | UnixFileMode.StickyBit)));
        Assert.Equal("/", ToolPlaces.ToChooseBy(Make("sticky/own", Own)));
        Assert.Equal("/usr/bin", ToolPlaces.ToChooseBy("/usr/bin"));
    }

    [Theory]
    [InlineData("node")]
    [InlineData("ruby")]
    [InlineData("go")]
    public async Task Tool_that_is_asked_sees_no_home_that_others_can_write(string runtime)
    {
        string home = Make("home", Open);
        _folder.Write("home/.rc", $"touch {_folder.At("ran")}\n");
        _folder.Write($"bin/{runtime}", "#!/bin/sh\n[ -e \"$HOME/.rc\" ] && . \"$HOME/.rc\"\nexit 1\n", executable: true);

        RuntimeProbe probe = new(new Dictionary<string, string> { ["PATH"] = $"{_folder.At("bin")}:/usr/bin:/bin", ["HOME"] = home }, "/");
        await probe.FindAsync(RuntimeCatalog.BuiltIn.Find(runtime)!, _folder.At($"bin/{runtime}"), CancellationToken.None);

        Assert.False(File.Exists(_folder.At("ran")));
    }

    private static string HomeOf(string home) => ToolPlaces.In(new Dictionary<string, string> { ["HOME"] = home })["HOME"];

    private string Make(string name, UnixFileMode mode)
    {
        string path = Directory.CreateDirectory(_folder.At(name)).FullName;
        Modes.Set(path, mode);
        return path;
    }
}
