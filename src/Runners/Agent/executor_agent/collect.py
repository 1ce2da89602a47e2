"""The files that a task is asked for."""
import os
import stat


class Collector:
    """Sends the regular files that match; follows no link, opens nothing that could block."""

    CHUNK = 1 << 18
    NAMED = 100  # of those that were skipped

    def __init__(self, channel, folder, max_bytes):
        self.channel, self.folder, self.left = channel, folder, max_bytes
        self.skipped = []

    def collect(self, patterns):
        import re
        rules = [re.compile(translate(pattern)) for pattern in patterns]
        literal = all(not set("*?[") & set(pattern) for pattern in patterns)
        for path in patterns if literal else self.walk():
            if literal or any(rule.match(path) for rule in rules):
                self.send(path)
        self.channel.send({"op": "got", "skipped": self.skipped[:self.NAMED], "skipped_count": len(self.skipped)})

    def walk(self):
        for folder, names, files in os.walk(self.folder):
            names.sort()
            for name in sorted(files + [name for name in names if os.path.islink(os.path.join(folder, name))]):
                yield os.path.relpath(os.path.join(folder, name), self.folder)

    def send(self, path):
        try:
            name = path.encode("utf-8").decode("utf-8")
        except UnicodeEncodeError:
            self.skipped.append("%s: its name is not UTF-8" % path.encode("utf-8", "replace").decode())
            return
        try:
            fd = self.open(path)
        except FileNotFoundError:
            return
        except OSError as error:
            self.skipped.append("%s: %s" % (name, error.strerror))
            return
        if fd is None:
            self.skipped.append("%s: not a regular file (links are not followed)" % name)
            return
        with open(fd, "rb", buffering=0) as file:
            size = os.fstat(fd).st_size
            if size > self.left:
                self.skipped.append("%s: %d bytes are more than may still be returned" % (name, size))
                return
            self.left -= size
            while True:
                piece = file.read(self.CHUNK)
                self.channel.send({"op": "file", "path": name, "more": bool(piece)}, piece or b"")
                if not piece:
                    return

    def open(self, path):
        """The file, through folders that are none but folders; None where it is not a regular one."""
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            *parents, name = path.split("/")
            for parent in parents:
                inner = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                return None
            return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        finally:
            os.close(folder)


def translate(pattern):
    """A glob as a regular expression: `**/` any folders, `*` and `?` within a name, `[…]` a set."""
    import re
    out, i = "", 0
    while i < len(pattern):
        if pattern.startswith("**/", i):
            out, i = out + "(?:[^/]+/)*", i + 3
        elif pattern.startswith("**", i):
            out, i = out + ".*", i + 2
        elif pattern[i] == "*":
            out, i = out + "[^/]*", i + 1
        elif pattern[i] == "?":
            out, i = out + "[^/]", i + 1
        elif pattern[i] == "[" and "]" in pattern[i + 2:]:
            end = pattern.index("]", i + 2)
            chosen = pattern[i + 1:end].replace("\\", "\\\\").replace("[", "\\[")
            out, i = out + "[" + ("^" + chosen[1:] if chosen[0] in "!^" else chosen) + "]", end + 1
        else:
            out, i = out + re.escape(pattern[i]), i + 1
    return out + r"\Z"
