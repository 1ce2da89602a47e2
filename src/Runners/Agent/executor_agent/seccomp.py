"""The filter of system calls, a BPF program: allow, but refuse what only an attack or an administrator needs (docs/sandbox.md lists it)."""
import ctypes
import errno
import struct
from .linux.calls import MACHINE
from .system_calls import NEWEST_CALL, calls_of

INSTRUCTION = struct.Struct("=HBBI")  # code, how many to skip if true, if false, value

LOAD, JUMP_ALWAYS, JUMP_EQUAL, JUMP_ABOVE, JUMP_SET, AND, RETURN = 0x20, 0x05, 0x15, 0x25, 0x45, 0x54, 0x06
CALL_NUMBER, ARCHITECTURE, ARGUMENT_0, ARGUMENT_1 = 0, 4, 16, 24  # where they are in what the program looks at; lower halves
RETURN_ALLOW, RETURN_KILL, RETURN_ERROR = 0x7FFF0000, 0x80000000, 0x00050000
AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64 = 0xC000003E, 0xC00000B7

CLONE_NEW_ANY = 0x7E020080  # every flag that makes a namespace
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
PERSONALITY_DEFAULT, PERSONALITY_QUERY = 0, 0xFFFFFFFF
UNIX_SOCKET, IPV4_SOCKET, IPV6_SOCKET, NETLINK_SOCKET = 1, 2, 10, 16
SOCKET_TYPE_MASK, RAW_SOCKET = 0xF, 3


def instruct(code, value, if_true=0, if_false=0):
    return INSTRUCTION.pack(code, if_true, if_false, value)


def load(place):
    return instruct(LOAD, place)


def fail(number):
    return instruct(RETURN, RETURN_ERROR | number)


ALLOW, REFUSE = instruct(RETURN, RETURN_ALLOW), fail(errno.EPERM)


def when(number, *body):
    """Of the call of that number the body decides."""
    return [instruct(JUMP_EQUAL, number, 0, len(body)), *body]


def refuse_all(numbers):
    jumps = [instruct(JUMP_EQUAL, number, len(numbers) - index) for index, number in enumerate(numbers)]
    return [*jumps, instruct(JUMP_ALWAYS, 1), REFUSE]


def decide_on_socket():
    return [
        load(ARGUMENT_0),
        instruct(JUMP_EQUAL, UNIX_SOCKET, 8),
        instruct(JUMP_EQUAL, NETLINK_SOCKET, 7),  # the C library asks it for addresses
        instruct(JUMP_EQUAL, IPV4_SOCKET, 2),
        instruct(JUMP_EQUAL, IPV6_SOCKET, 1),
        fail(errno.EAFNOSUPPORT),
        load(ARGUMENT_1),
        instruct(AND, SOCKET_TYPE_MASK),
        instruct(JUMP_EQUAL, RAW_SOCKET, 0, 1),
        REFUSE,
        ALLOW]


def pack_seccomp_filter(machine):
    """The program, for "x86_64" or "aarch64"."""
    x86 = machine == "x86_64"
    refused, calls = calls_of(0 if x86 else 1)
    return b"".join([
        load(ARCHITECTURE),
        instruct(JUMP_EQUAL, AUDIT_ARCH_X86_64 if x86 else AUDIT_ARCH_AARCH64, 1, 0),
        instruct(RETURN, RETURN_KILL),
        load(CALL_NUMBER),
        instruct(JUMP_ABOVE, NEWEST_CALL, 0, 1),  # newer than the list, or the x32 ABI
        fail(errno.ENOSYS),
        *when(calls["clone3"], fail(errno.ENOSYS)),  # its flags are behind a pointer; the C library falls back to clone
        *refuse_all(refused),
        *when(calls["clone"], load(ARGUMENT_0), instruct(JUMP_SET, CLONE_NEW_ANY, 0, 1), REFUSE, ALLOW),
        *when(calls["ioctl"], load(ARGUMENT_1), instruct(JUMP_EQUAL, TIOCSTI, 1), instruct(JUMP_EQUAL, TIOCLINUX, 0, 1), REFUSE, ALLOW),
        *when(calls["personality"], load(ARGUMENT_0), instruct(JUMP_EQUAL, PERSONALITY_DEFAULT, 2),
              instruct(JUMP_EQUAL, PERSONALITY_QUERY, 1), REFUSE, ALLOW),
        *when(calls["socket"], *decide_on_socket()),
        *when(calls["socketpair"], *decide_on_socket()),
        ALLOW])


def make_seccomp_filter():
    """The program of this machine as the kernel takes it: what PR_SET_SECCOMP points to, and what that points to."""
    program = pack_seccomp_filter(MACHINE)
    instructions = ctypes.create_string_buffer(program, len(program))
    return (ctypes.c_uint64 * 2)(len(program) // INSTRUCTION.size, ctypes.addressof(instructions)), instructions
