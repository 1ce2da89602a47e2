import ast
import builtins
import os
import re
import symtable
import sys
import unittest
from xml.etree import ElementTree

BUNDLES = os.environ["EXECUTOR_BUNDLES"]  # what lists the modules of each bundle, in order
BUILT = os.environ["EXECUTOR_BUILT"]      # the agent as it was built
OLDEST = (3, 8)
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_LINE = 300, 60, 150
OF_EVERY_MODULE = {"__name__", "__file__", "__doc__"}


class Module:
    def __init__(self, path):
        self.path = path
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.tree = ast.parse(self.text, path, feature_version=OLDEST)
        self.table = symtable.symtable(self.text, path, "exec")
        parts = path[:-len(".py")].split(os.sep)
        package = max(index for index, part in enumerate(parts) if part in ("executor_agent", "executor_session"))
        self.name = ".".join(parts[package:]).replace(".__init__", "")
        self.package = self.name if path.endswith("__init__.py") else self.name.rpartition(".")[0]

    def own_imports(self):
        """Of other modules of a bundle: (line, module, names)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (node.level or node.module.startswith("executor_")):
                above = self.package.split(".")[:len(self.package.split(".")) - node.level + 1] if node.level else []
                yield node.lineno, ".".join(above + [node.module]), [name.name for name in node.names]

    def foreign_imports(self):
        """At its top level: what each name means. (A name that is taken from a module if that can be had is one of ours.)"""
        for node in self.tree.body + [tried for node in self.tree.body if isinstance(node, ast.Try) for tried in node.body if isinstance(tried, ast.Import)]:
            if isinstance(node, ast.Import):
                yield from ((name.asname or name.name.partition(".")[0], name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and not node.module.startswith("executor_"):
                yield from ((name.asname or name.name, node.module + "." + name.name) for name in node.names)

    def definitions(self):
        """What its top level defines, imports apart."""
        imported = {name for name, _ in self.foreign_imports()} | {name for _, _, names in self.own_imports() for name in names}
        return {symbol.get_name() for symbol in self.table.get_symbols() if symbol.is_assigned() or symbol.is_namespace() or symbol.is_imported()} - imported

    def undefined(self):
        """Global names that are used and not there."""
        known = {symbol.get_name() for symbol in self.table.get_symbols() if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()}
        return self.used() - known - set(dir(builtins)) - OF_EVERY_MODULE

    def used(self):
        found, left = set(), [self.table]
        while left:
            table = left.pop()
            left += table.get_children()
            found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced() and (table is self.table or symbol.is_global())}
        return found


def load():
    root = ElementTree.parse(BUNDLES).getroot()
    folders = {"MSBuildThisFileDirectory": os.path.dirname(BUNDLES) + os.sep}

    def expand(text):
        return re.sub(r"\$\((\w+)\)", lambda name: folders[name[1]], text.strip())

    for group in root.iter("PropertyGroup"):
        folders.update((entry.tag, expand(entry.text)) for entry in group if entry.tag.endswith("Modules"))
    return {entry.get("Bundle"): [Module(os.path.normpath(expand(path))) for path in entry.get("Include").split(";")] for entry in root.iter("PythonModule")}


class BundlesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bundles = load()
        cls.modules = {module.path: module for modules in cls.bundles.values() for module in modules}.values()

    def test_there_are_two(self):
        self.assertEqual({"executor_agent.py", "session.py"}, set(self.bundles))

    def test_no_module_is_forgotten(self):
        for bundle, package in (("executor_agent.py", "executor_agent"), ("session.py", "executor_session")):
            modules = self.bundles[bundle]
            folder = os.path.dirname(modules[0].path)
            there = {os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith(".py")}
            self.assertEqual(package, os.path.basename(folder))
            self.assertEqual(there, {module.path for module in modules if module.path.startswith(folder + os.sep)})

    def test_no_two_modules_define_the_same_name(self):
        for modules in self.bundles.values():
            definers, meanings = {}, {}
            for module in modules:
                for name in module.definitions():
                    self.assertEqual(module.name, definers.setdefault(name, module.name), name)
                for name, meaning in module.foreign_imports():
                    self.assertEqual(meaning, meanings.setdefault(name, meaning), module.name)
            self.assertEqual(set(), set(definers) & set(meanings))

    def test_modules_import_only_what_is_defined_before_them_and_at_their_beginning_in_a_line(self):
        for modules in self.bundles.values():
            before = {}
            for module in modules:
                for line, source, names in module.own_imports():
                    self.assertIn(source, before, module.name)
                    self.assertEqual(set(), set(names) - before[source], module.name)
                    self.assertRegex(module.text.splitlines()[line - 1], r"^from (\.|executor_agent\.)\S+ import [\w, ]+$")
                before[module.name] = module.definitions()

    def test_modules_use_only_what_they_import_or_define_and_import_only_what_they_use(self):
        for module in self.modules:
            self.assertEqual(set(), module.undefined(), module.name)
            imported = {name for name, _ in module.foreign_imports()} | {name for _, _, names in module.own_imports() for name in names}
            self.assertEqual(set(), imported - module.used(), module.name)

    @unittest.skipIf(sys.version_info < (3, 10), "this Python does not know the names of its own modules")
    def test_modules_need_the_standard_library_only(self):
        for module in self.modules:
            for _, meaning in module.foreign_imports():
                self.assertIn(meaning.partition(".")[0], sys.stdlib_module_names, module.name)

    def test_modules_and_functions_are_short(self):
        for module in self.modules:
            lines = module.text.splitlines()
            self.assertLessEqual(len(lines), LONGEST_MODULE, module.name)
            self.assertLessEqual(max(map(len, lines)), LONGEST_LINE, module.name)
            for node in ast.walk(module.tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self.assertLessEqual(node.end_lineno - node.lineno + 1, LONGEST_FUNCTION, module.name + "." + node.name)

    def test_what_was_built_is_the_modules_without_their_imports_of_each_other(self):
        kept = [line for module in self.bundles["executor_agent.py"] for line in module.text.splitlines(True)
                if not line.startswith(("from .", "from executor_agent."))]
        with open(BUILT, encoding="utf-8") as file:
            self.assertEqual("".join(kept), file.read())

    def test_a_bundle_starts_without_its_package(self):
        scope = {"__name__": "bundle"}
        with open(BUILT, encoding="utf-8") as file:
            exec(compile(file.read(), BUILT, "exec"), scope)
        self.assertTrue(callable(scope["start"]))
        self.assertTrue(callable(scope["MemoryCgroup"].sweep))  # by which the keeper of a host's folder removes groups
