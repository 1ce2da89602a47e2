using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Executor.House;

/// <summary>What a compiled assembly knows: other assemblies, and which of its namespaces know which. Not loaded, only read.</summary>
internal sealed class CompiledAssembly : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;

    public CompiledAssembly(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
    }

    /// <summary>The assemblies that its code names.</summary>
    public IReadOnlyList<string> References =>
        [.. _reader.AssemblyReferences.Select(handle => _reader.GetString(_reader.GetAssemblyReference(handle).Name))];

    /// <summary>The types of another assembly that its code names, with their namespaces.</summary>
    public IEnumerable<string> TypesKnownOf(string assembly) => _reader.TypeReferences
        .Select(_reader.GetTypeReference)
        .Where(type => type.ResolutionScope.Kind == HandleKind.AssemblyReference
            && _reader.GetString(_reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == assembly)
        .Select(type => $"{_reader.GetString(type.Namespace)}.{_reader.GetString(type.Name)}");

    /// <summary>Of each namespace the others of this assembly that its code names: in signatures, attributes and methods' instructions.</summary>
    /// <param name="root">Only namespaces at and below this one count: generated code has others.</param>
    public Dictionary<string, IReadOnlySet<string>> NamespaceArrows(string root)
    {
        Dictionary<string, IReadOnlySet<string>> arrows = [];
        foreach (IGrouping<string, TypeDefinitionHandle> types in _reader.TypeDefinitions.GroupBy(NamespaceOf).Where(types => IsBelow(types.Key, root)))
        {
            HashSet<TypeDefinitionHandle> named = [];
            var names = new NamedTypes(_file, _reader, named);
            foreach (TypeDefinitionHandle type in types)
            {
                names.OfType(_reader.GetTypeDefinition(type));
            }

            arrows[types.Key] = named.Select(NamespaceOf).Where(name => name != types.Key && IsBelow(name, root)).ToHashSet();
        }

        return arrows;
    }

    public void Dispose() => _file.Dispose();

    private static bool IsBelow(string name, string root) => name == root || name.StartsWith($"{root}.", StringComparison.Ordinal);

    /// <summary>The namespace of the outermost type around it: closures, state machines and nested types are their owner's.</summary>
    private string NamespaceOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? NamespaceOf(outer) : _reader.GetString(type.Namespace);
    }
}
