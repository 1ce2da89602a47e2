using Executor.Runners.Docker.Images;

namespace Executor.Runners.Docker.Tests.Images;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("python", "python", "latest", "https://index.docker.io/v1/")]
    [InlineData("python:3.11-alpine", "python", "3.11-alpine", "https://index.docker.io/v1/")]
    [InlineData("team/python:1", "team/python", "1", "https://index.docker.io/v1/")]
    [InlineData("registry:5000/python", "registry:5000/python", "latest", "registry:5000")]
    [InlineData("ghcr.io/team/python:1", "ghcr.io/team/python", "1", "ghcr.io")]
    [InlineData("localhost/python@sha256:ab", "localhost/python", "sha256:ab", "localhost")]
    public void Name_is_taken_apart(string image, string repository, string tag, string registry)
    {
        ImageName name = ImageName.Parse(image);

        Assert.Equal((repository, tag, registry), (name.Repository, name.Tag, name.Registry));
    }

    [Fact]
    public void Login_is_read_from_dockers_own_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """{"auths": {"registry:5000": {"auth": "dXNlcjpwYXNzOndvcmQ="}}}""");

            Assert.Equal(("user", "pass:word"), (RegistryLogin.Read(file, "registry:5000").Username, RegistryLogin.Read(file, "registry:5000").Password));
            Assert.Null(RegistryLogin.Read(file, "other").Username);
            Assert.Null(RegistryLogin.Read(file + ".absent", "registry:5000").Username);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
