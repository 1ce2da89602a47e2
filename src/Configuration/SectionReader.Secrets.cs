using System.Text;
using Executor.Text;

namespace Executor.Configuration;

internal sealed partial class SectionReader
{
    private const string FileKey = "file";
    private const string SecretForms = "a text, ${NAME} or {file: PATH}";

    /// <summary>A secret: a text, or <c>{file: PATH}</c> for the content of that file without the newline at its end.</summary>
    public Secret? Secret(string key) =>
        TryTake(key, out DocumentEntry entry) ? ReadSecret(entry.Node, PathOf(key)) : null;

    /// <summary>A list of secrets. From a variable: as <see cref="Texts"/>.</summary>
    public IReadOnlyList<Secret>? Secrets(string key) => TakeItems(key, "a list of secrets")
        ?.Select(item => ReadSecret(item.Node, item.Path))
        .OfType<Secret>()
        .ToList();

    // No fault here says what the value was.
    private Secret? ReadSecret(DocumentNode node, string secretPath)
    {
        string? value = node switch
        {
            DocumentScalar { IsNull: true } => "",
            DocumentScalar scalar => Expand(scalar, secretPath),
            DocumentMap => ReadSecretFile(new SectionReader(node, node.Origin, secretPath, faults)),
            _ => null,
        };
        if (string.IsNullOrEmpty(value))
        {
            // What Expand and ReadSecretFile could not give they have reported.
            if (value is not null || node is DocumentList)
            {
                faults.Add(node.Origin, secretPath, $"must be {SecretForms}, and not empty");
            }

            return null;
        }

        return new Secret(value);
    }

    private static string? ReadSecretFile(SectionReader section)
    {
        string? path = section.FilePath(FileKey);
        section.RefuseOthers();
        if (path is null)
        {
            if (!section.Has(FileKey))
            {
                section.Fault("", $"must be {SecretForms}");
            }

            return null;
        }

        try
        {
            return File.ReadAllText(path, Encoding.UTF8).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (UnreadableFile.IsCause(exception))
        {
            section.Fault(FileKey, $"can't read \"{path}\": {UnreadableFile.Explain(path, exception)}");
            return null;
        }
    }
}
