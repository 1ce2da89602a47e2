"""The root that tasks see: the system's files and what was named, read-only; nothing else of the host's."""
import errno
import os
from .linux.calls import MS_BIND, MS_NODEV, MS_NOSUID, MS_PRIVATE, MS_REC, make_read_only, make_root_read_only, mount, syscall, unmount
from .linux.files import write_file

OLD, NEW = "/old", "/new"  # the host's root and the one to come, while the latter is built
LAID_ASIDE = "/mnt"        # an empty folder of the new root, for what is mounted for a moment
SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
ETC = ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "ssl/certs", "ssl/openssl.cnf", "ca-certificates",
       "ca-certificates.conf", "localtime", "timezone", "nsswitch.conf", "protocols", "services", "mime.types", "fonts",
       "perl", "php", "dotnet", "R", "magic", "matplotlibrc"]
ETC_PREFIXES = ("java-", "python3")
ETC_OF_NETWORKS = ["resolv.conf", "hosts", "host.conf", "gai.conf"]
DEVICES = ["null", "zero", "full", "random", "urandom", "tty"]  # the last is whatever terminal its opener has, which is none of the host's
FOLDERS = ("dev/shm", "dev/pts", "proc", "tmp", "work", "mnt", "run", "var")
PASSWD = ("root:x:0:0:root:/root:/bin/sh\nexecutor:x:1000:1000:executor:/tmp:/bin/sh\n"
          "nobody:x:65534:65534:nobody:/:/bin/sh\n")
GROUP = "root:x:0:\nexecutor:x:1000:\nnogroup:x:65534:\n"
HOSTS = "127.0.0.1 localhost executor\n::1 localhost\n"


def build_root(read_only_paths, network):
    """Makes the new root at NEW, with the host's at OLD, in a mount namespace of our own."""
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("executor", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=16m")
    os.mkdir("/tmp" + OLD)
    os.mkdir("/tmp" + NEW)
    os.chdir("/tmp")
    syscall("pivot_root", b".", os.fsencode(OLD[1:]))
    os.chdir("/")
    mount("executor", NEW, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=4m")
    show_system(network)
    for path in read_only_paths:
        bind(path)
    write_accounts()
    make_folders()
    # The kernel lets a user namespace mount /proc only where a whole one is already visible; the agent's own covers this one.
    mount(OLD + "/proc", NEW + "/proc", None, MS_BIND | MS_REC)


def show_system(network):
    for path in SYSTEM:
        old = OLD + path
        if os.path.islink(old):
            os.symlink(os.readlink(old), NEW + path)
        elif os.path.isdir(old):
            bind(path)
    etc = ETC + [name for name in os.listdir(OLD + "/etc") if name.startswith(ETC_PREFIXES)]
    if network:
        etc += ETC_OF_NETWORKS
    for name in etc:
        bind("/etc/" + name)


def write_accounts():
    os.makedirs(NEW + "/etc", exist_ok=True)
    write_file(NEW + "/etc/passwd", PASSWD)
    write_file(NEW + "/etc/group", GROUP)
    if not os.path.exists(NEW + "/etc/hosts"):
        write_file(NEW + "/etc/hosts", HOSTS)


def make_folders():
    for name in FOLDERS:
        os.makedirs("%s/%s" % (NEW, name), exist_ok=True)
    os.symlink("/tmp", NEW + "/var/tmp")
    os.symlink("pts/ptmx", NEW + "/dev/ptmx")
    for name in DEVICES:
        write_file(NEW + "/dev/" + name, "")
        mount(OLD + "/dev/" + name, NEW + "/dev/" + name, None, MS_BIND)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(target, NEW + "/dev/" + name)


def bind(path):
    """Shows the host's path in the new root, read-only and at the same place; passes over what is not there."""
    old = os.path.realpath(OLD + path)
    if not old.startswith(OLD + "/"):  # an absolute link, resolved against the wrong root
        old = os.path.realpath(OLD + old)
    if not os.path.lexists(old):
        return
    new = NEW + path
    try:
        if os.path.isdir(old):
            os.makedirs(new, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(new), exist_ok=True)
            write_file(new, "")
        mount(old, new, None, MS_BIND | MS_REC)
        make_read_only(new)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOTDIR):  # already visible inside a folder bound before
            raise


def enter_root(extra):
    """The new root becomes the root; the host's tree is let go. Also lays out the files of our own."""
    for path, content in extra.items():
        os.makedirs(os.path.dirname(NEW + path), exist_ok=True)
        write_file(NEW + path, content)
    os.chdir(NEW)
    syscall("pivot_root", b".", os.fsencode(LAID_ASIDE[1:]))
    os.chdir("/")
    unmount(LAID_ASIDE)
    make_root_read_only()
