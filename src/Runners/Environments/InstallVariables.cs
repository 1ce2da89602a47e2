using Executor.Runners.Probing;

namespace Executor.Runners.Environments;

/// <summary>The environment of the installer: the server's, with what would send packages elsewhere, and homes that any user can write, left out.</summary>
internal static class InstallVariables
{
    private static readonly string[] LeftOut =
    [
        // Where to install, what besides and from what is decided here.
        "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_REQUIRE_VIRTUALENV", "PIP_REQUIREMENT", "PIP_EDITABLE", "PIP_NO_BINARY",
    ];

    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string>? given)
    {
        Dictionary<string, string> variables = ToolPlaces.In(given ?? ProbeContext.OwnEnvironment());
        foreach (string name in variables.Keys.Where(name => LeftOut.Contains(name) || name.StartsWith("PYTHON", StringComparison.Ordinal)).ToArray())
        {
            variables.Remove(name);
        }

        // An index that is away is to be said within seconds; who needs more time sets these.
        variables.TryAdd("PIP_DEFAULT_TIMEOUT", "15");
        if (variables.GetValueOrDefault("PIP_RETRIES", "0") == "0")
        {
            variables["PIP_RETRIES"] = "1"; // without a second try pip does not even say that there was no connection
        }

        variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1";
        variables["PIP_NO_INPUT"] = "1";
        variables["NO_COLOR"] = "1";
        return variables;
    }
}
