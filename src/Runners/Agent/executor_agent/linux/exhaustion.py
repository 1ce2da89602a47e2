"""What a machine runs out of, which is no fault of who asked."""
import errno

NUMBERS = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)


def is_exhaustion(error):
    """Whether an OSError says that there are no more processes, memory or files."""
    return error.errno in NUMBERS
