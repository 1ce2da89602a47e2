using System.Text;
using Executor.Limits;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>Which files take part in a build, under which name, and what of them is started.</summary>
public sealed class SourcesTests
{
    private static readonly EffectiveLimits Limits = LimitResolver.Resolve(null);

    [Theory]
    [InlineData("public class Solution { public static void main(String[] a) {} }", "Solution.java", "Solution")]
    [InlineData("class Problem { public static void main(String... a) {} }", "Problem.java", "Problem")]
    [InlineData("package com.acme.app;\npublic class Main { static public void main(final String a[]) {} }", "Main.java", "com.acme.app.Main")]
    [InlineData("class Helper {} class Other { public static void main(String[] a) {} } public class Api { }", "Api.java", "Other")]
    [InlineData("class A { void main() {} static void helper() { main(); } } class B { public static void main(String[] a) {} }", "B.java", "B")]
    [InlineData("interface Run { static void main(String[] a) {} }", "Run.java", "Run")]
    [InlineData("enum E { A, B { void f() {} }; public static void main(String[] a) {} }", "E.java", "E")]
    [InlineData("record Point(int x, int y) { public static void main(String[] a) {} }", "Point.java", "Point")]
    [InlineData("public record Box<T>(T t) { } class Go { public static void main(String[] a) {} }", "Box.java", "Go")]
    [InlineData("public class Out { static class In { public static void main(String[] a) {} } }", "Out.java", "Out$In")]
    [InlineData("public class Out { static class In { public static void main(String[] a) {} } public static void main(String[] a) {} }", "Out.java", "Out")]
    [InlineData("// public class No { public static void main(String[] a) }\n/* class No2 { */ class Yes { String s = \"public class No3 {\"; char c = '{'; public static void main(String[] a) {} }", "Yes.java", "Yes")]
    [InlineData("class T { String s = \"\"\"\n  public class No { \" }\n  \"\"\"; public static void main(String[] a) {} }", "T.java", "T")]
    [InlineData("@Deprecated @SuppressWarnings({\"a\", \"b\"}) public final class Ann { @Override public String toString() { return Ann.class.getName(); } public static void main(String[] a) {} }", "Ann.java", "Ann")]
    [InlineData("class X { int record = 1; void f() { int record = 2; class Local { void main() {} } } public static void main(String[] a) throws Exception {} }", "X.java", "X")]
    [InlineData("public sealed interface Shape permits Circle {} final class Circle implements Shape { public static void main(String[] args) {} }", "Shape.java", "Circle")]
    [InlineData("\uFEFFpackage p ;\r\npublic class Crlf {\r\n  public static void main(String[] a) {}\r\n}", "Crlf.java", "p.Crlf")]
    [InlineData("class Only { void f() {} }", "Main.java", "Main")]
    [InlineData("void main() { }", "Main.java", "Main")]
    [InlineData("class Inst { void main() { } }", "Inst.java", "Inst")]
    [InlineData("public class Größe$1 { public static void main(String[] a) {} }", "Größe$1.java", "Größe$1")]
    [InlineData("", "Main.java", "Main")]
    [InlineData("}}}} class A { public static void main(", "A.java", "A")]
    public void Java_code_gets_the_file_and_the_class_that_it_declares(string code, string file, string main)
    {
        ExecutionPlan plan = Plan(new TaskSpec { Language = "java", Code = code, Args = ["x"] });

        Assert.Contains(plan.Files, planned => planned.Path == file);
        Assert.Equal([main, "x"], plan.Run.Argv.TakeLast(2));
    }

    [Theory]
    [InlineData("c", "main.c|util/a.c|b.c|h/x.h", "main.c|b.c|util/a.c")]
    [InlineData("cpp", "main.cpp|z.cc|old.c|x.h", "main.cpp|-xc|old.c|-xnone|z.cc")]
    [InlineData("go", "main.go|b.go|b_test.go|sub/c.go|go.mod", "main.go|b.go")]
    [InlineData("java", "Main.java|a/B.java|C.java", "Main.java|C.java|a/B.java")]
    public void Every_file_of_the_language_takes_part(string language, string files, string built)
    {
        string[] paths = files.Split('|');
        ExecutionPlan plan = Plan(new TaskSpec
        {
            Language = language,
            Script = paths[0],
            Files = paths.ToDictionary(path => path, path => new TaskFile { Content = language == "go" ? "package main" : "" }),
        });

        Assert.Equal(built.Split('|'), plan.Compile!.Argv.Where(part => built.Split('|').Contains(part)));
        Assert.DoesNotContain(plan.Compile.Argv, part => part.Contains(".h", StringComparison.Ordinal) || part.EndsWith("_test.go", StringComparison.Ordinal) || part == "sub/c.go");
    }

    [Theory]
    [InlineData("c", "int main(void) {}", "int main(int argc, char **argv)\n{\n}", true)]
    [InlineData("c", "int main(void) {}", "int helper(void) { return main(1); } // int main() {", false)]
    [InlineData("cpp", "int main() {}", "auto main() -> int { }", true)]
    [InlineData("cpp", "int main() {}", "namespace a { int main() { return 0; } } char c = '{'; int n = 1'000;", false)]
    [InlineData("go", "package main\nfunc main() {}", "package main\nfunc main() {}", true)]
    [InlineData("go", "package main\nfunc main() {}", "package other\n", true)]
    [InlineData("go", "package main\nfunc main() {}", "package main\nvar s = `\nfunc main() {}`\n", false)]
    [InlineData("java", "class A { }", "class A { }", true)]
    [InlineData("java", "class A { }", "package p; class A { }", false)]
    [InlineData("csharp", "Console.WriteLine(1);", "Console.WriteLine(2);", true)]
    [InlineData("csharp", "Console.WriteLine(1);", "class P { static void Main(string[] a) { } }", true)]
    [InlineData("csharp", "Console.WriteLine(1);", "class P { static async Task<int> Main() { return 0; } }", true)]
    [InlineData("csharp", "Console.WriteLine(1);", "using System;\nusing static System.Math;\nusing J = System.Text.Json;\nnamespace N;\n[Serializable]\npublic record R(int X);\ninternal static class U { public static int F() => 1; }\n", false)]
    [InlineData("csharp", "Console.WriteLine(1);", "#nullable enable\nglobal using System.Text;\nenum E { A, B }\ndelegate void D(int x);\n", false)]
    public void Another_program_is_no_part_of_it(string language, string source, string other, bool left)
    {
        string extension = RuntimeCatalog.BuiltIn.Find(language)!.Extensions[0];
        ExecutionPlan plan = Plan(new TaskSpec
        {
            Language = language,
            Script = $"prog{extension}",
            Files = new Dictionary<string, TaskFile> { [$"prog{extension}"] = new() { Content = source }, [$"zother{extension}"] = new() { Content = other } },
        });
        string project = plan.Files.FirstOrDefault(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)) is { Path: not null } file ? Encoding.UTF8.GetString(file.Content.Span) : "";

        Assert.Equal(!left, plan.Compile!.Argv.Contains($"zother{extension}") || project.Contains("zother", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_source_includes_is_not_compiled_once_more_and_headers_are_found_in_every_folder()
    {
        ExecutionPlan plan = Plan(new TaskSpec
        {
            Language = "c",
            Script = "src/main.c",
            Files = new Dictionary<string, TaskFile>
            {
                ["src/main.c"] = new() { Content = "#include \"../lib/impl.c\"\n#  include \"x.h\"\nint main(void) { return 0; }" },
                ["lib/impl.c"] = new() { Content = "" },
                ["include/x.h"] = new() { Content = "#include \"tail.c\"" },
                ["include/tail.c"] = new() { Content = "" },
                ["src/more.c"] = new() { Content = "" },
            },
        });

        Assert.Equal(["src/main.c", "src/more.c"], plan.Compile!.Argv.Where(part => part.EndsWith(".c", StringComparison.Ordinal)));
        Assert.Contains("-iquoteinclude", plan.Compile.Argv);
        Assert.Contains("-iquote.", plan.Compile.Argv);
    }

    [Theory]
    [InlineData("python", "-x.py")]
    [InlineData("c", "--help.c")]
    [InlineData("java", "@args.java")]
    [InlineData("rust", "-o/x.rs")]
    [InlineData("bash", "-c.sh")]
    public void Name_that_looks_like_an_option_is_a_file(string language, string path)
    {
        ExecutionPlan plan = Plan(new TaskSpec { Language = language, Script = path, Files = new Dictionary<string, TaskFile> { [path] = new() { Content = "x" } } });

        Assert.Contains("./" + path, (plan.Compile ?? plan.Run).Argv);
        Assert.DoesNotContain(path, (plan.Compile ?? plan.Run).Argv);
    }

    [Theory]
    [InlineData("-a.go", "xax.go")]
    [InlineData("d/_b.go", "d/xbx.go")]
    [InlineData("@a.go", "x@ax.go")]
    [InlineData("c_test.go", "xc_testx.go")]
    public void Go_file_whose_name_go_refuses_is_built_under_another(string path, string built)
    {
        ExecutionPlan plan = Plan(new TaskSpec { Script = path, Files = new Dictionary<string, TaskFile> { [path] = new() { Content = "package main" } } });

        Assert.Contains(built, plan.Compile!.Argv);
        Assert.Contains(plan.Files, file => file.Path == built);
    }

    [Theory]
    [InlineData("bash", "\uFEFFecho 1\r\necho 2\r\n", "echo 1\necho 2\n")]
    [InlineData("bash", "a\r\rb\r", "a\r\rb\r")]
    [InlineData("bash", "\fecho 'a\fb' \"\f\"\f\ncat <<'E'\n\f\nE\n\f\n", " echo 'a\fb' \"\f\" \ncat <<'E'\n\f\nE\n \n")]
    [InlineData("go", "package main\f\nvar s = \"\f\" // \f\n", "package main \nvar s = \"\f\" // \f\n")]
    [InlineData("php", "\f<?php\f echo '\f'; ?>\f", "\f<?php  echo '\f'; ?>\f")]
    [InlineData("php", "\uFEFF<?php echo 1;\r\n", "<?php echo 1;\r\n")]
    [InlineData("ruby", "\uFEFF#!/usr/bin/ruby\r\nputs 1\r\n", "#!/usr/bin/ruby\nputs 1\r\n")]
    [InlineData("java", "\uFEFFclass A {\f}\r\n", "class A {\f}\r\n")]
    [InlineData("python", "\uFEFFprint(1)\r\n", "\uFEFFprint(1)\r\n")]
    public void Source_is_made_readable_without_moving_a_line(string family, string text, string readable)
    {
        string result = Encoding.UTF8.GetString(Laid(family, TaskFile.FromBytes(Encoding.UTF8.GetBytes(text))));

        Assert.Equal(readable, result);
        Assert.Equal(text.Count(c => c == '\n'), result.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("go")]
    [InlineData("php")]
    [InlineData("java")]
    [InlineData("csharp")]
    [InlineData("cpp")]
    public void Whatever_the_text_reading_it_ends(string family)
    {
        string[] pieces = ["\"", "'", "`", "\"\"\"", "//", "/*", "*/", "<<E\n", "E\n", "\f", "{", "}", "class A", "main(", "R\"(", ")\"", "@\"", "\\", "\n", "<?php ", "?>", "#", "$", "package p;"];
        var random = new Random(7);
        for (int round = 0; round < 3_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));

            Assert.Equal(text.Length, Laid(family, new TaskFile { Content = text }).Length);
        }
    }

    [Fact]
    public void Utf16_is_read_as_well()
    {
        byte[] little = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("echo größe")];
        byte[] big = [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes("echo größe")];

        Assert.Equal("echo größe", Encoding.UTF8.GetString(Laid("bash", TaskFile.FromBytes(little))));
        Assert.Equal("echo größe", Encoding.UTF8.GetString(Laid("bash", TaskFile.FromBytes(big))));
    }

    /// <summary>What becomes of a source, as the other of two, so that all that is read of one is read.</summary>
    private static byte[] Laid(string language, TaskFile file)
    {
        string extension = RuntimeCatalog.BuiltIn.Find(language)!.Extensions[0];
        ExecutionPlan plan = Plan(new TaskSpec { Language = language, Script = $"a{extension}", Files = new Dictionary<string, TaskFile> { [$"a{extension}"] = file, [$"b{extension}"] = file } });
        byte[] first = plan.Files.First(planned => planned.Path == $"a{extension}").Content.ToArray();
        Assert.Equal(first, plan.Files.First(planned => planned.Path == $"b{extension}").Content.ToArray());
        return first;
    }

    private static ExecutionPlan Plan(TaskSpec task)
    {
        Assert.Empty(ExecutionPlanner.Choose(task, RuntimeCatalog.BuiltIn, out RuntimeDefinition? runtime));
        return ExecutionPlanner.Plan(task, runtime, "tool", Limits, Limits);
    }
}
