"""A folder of the host (`"folder": PATH`), where no namespaces may be made."""
import _signal as signal
import os
from .shared import SharedCell, end_descendants
from ..json_text import write_json
from ..linux.files import write_file
from ..linux.library import PR_SET_CHILD_SUBREAPER, prctl

OWN = 0o700  # the mode of what is a task's alone


class FolderCell(SharedCell):
    """Tasks are processes of the host with limits: the agent is who orphans below it are given to, so that it can end what a task
    leaves; the outer process is, too, should the agent be killed."""

    home = None  # the host's temporary folder is anybody's

    def __init__(self, config):
        super().__init__(config)
        self.folder = config["folder"]

    def isolate(self):
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def end_rest(self):
        end_descendants()

    def begin(self):
        self.task_folder = os.path.join(self.folder, "task-%d" % os.getpid())
        self.temporary = os.path.join(self.task_folder, "tmp")
        self.work = os.path.join(self.task_folder, "work")
        self.prestart_env = self.with_own_folders(self.prestart_env)
        extra = self.config.get("extra_files", {})
        for path, content in extra.items():
            own = self.folder + path
            os.makedirs(os.path.dirname(own), exist_ok=True)
            write_file(own, content)
        if self.prestart:
            self.prestart = [self.folder + word if word in extra else word for word in self.prestart]
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def make_disk(self, size_mb):
        for path in (self.task_folder, self.work, self.temporary):
            os.mkdir(path, OWN)

    def drop_disk(self):
        import shutil
        shutil.rmtree(self.task_folder, onerror=remove_all_the_same)

    def order(self, message, head):
        return write_json(dict(message, env=self.with_own_folders(message["env"]))).encode()

    def with_own_folders(self, env):
        """Where the environment names the host's temporary folder, as ours does by default, it shall be the task's own."""
        return {name: self.temporary if value == "/tmp" and name in ("TMPDIR", "HOME") else value for name, value in env.items()}


def remove_all_the_same(function, path, _):
    """What a task made read-only, it could remove; so can we."""
    try:
        os.chmod(os.path.dirname(path), OWN)
        os.chmod(path, OWN)
        function(path)
    except OSError:
        pass  # the host's administrator is the one to ask
