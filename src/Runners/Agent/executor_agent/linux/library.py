"""The C library, and prctl(2) of it."""

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38
SECCOMP_MODE_FILTER = 2

try:
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    prctl = libc.prctl
except (ImportError, OSError, AttributeError):
    libc = None

    def prctl(*_):
        """An interpreter without ctypes: an agent can't do without, an interpreter of a session can."""
        return 0
