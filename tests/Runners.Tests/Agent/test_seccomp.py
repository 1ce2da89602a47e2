import errno
import struct
import unittest

from executor_agent.seccomp import pack_seccomp_filter

ALLOWED, KILLED, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
LARGEST_PROGRAM = 4096  # instructions, to the kernel
NEWEST = 470

# By number and not by the filter's own names, as the kernel's tables have them.
REFUSED = {
    "x86_64": {
        425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 438, 440, 443, 447, 457, 458,
        165, 166, 155, 161, 101, 310, 311, 312, 272, 308, 248, 249, 250, 321, 298, 323, 300, 303, 304, 175, 313, 176, 174, 177, 178,
        246, 320, 169, 167, 168, 164, 227, 159, 305, 170, 171, 163, 179, 180, 212, 103, 153, 154, 172, 173, 134, 156, 279, 256},
    "aarch64": {
        425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 438, 440, 443, 447, 457, 458,
        40, 39, 41, 51, 117, 270, 271, 272, 97, 268, 217, 218, 219, 280, 241, 282, 262, 264, 265,
        105, 273, 106, 104, 294, 142, 224, 225, 170, 112, 171, 266, 161, 162, 89, 60, 42, 18, 116, 58, 239, 238},
}
DEPENDS = {"x86_64": {"clone": 56, "ioctl": 16, "personality": 135, "socket": 41, "socketpair": 53},
           "aarch64": {"clone": 220, "ioctl": 29, "personality": 92, "socket": 198, "socketpair": 199}}
CLONE3 = 435


def run(program, architecture, number, *args):
    """What the kernel would do with the filter; an instruction that this doesn't know, or a jump out of the program, is an error."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *(args + (0,) * (6 - len(args))))
    instructions = list(struct.iter_unpack("=HBBI", program))
    place = value = 0
    while True:
        code, if_true, if_false, operand = instructions[place]
        place += 1
        if code == 0x06:
            return operand
        if code == 0x20:
            value = struct.unpack_from("=I", data, operand)[0]
        elif code == 0x54:
            value &= operand
        elif code == 0x05:
            place += operand
        else:
            holds = {0x15: value == operand, 0x25: value > operand, 0x45: bool(value & operand)}[code]
            place += if_true if holds else if_false


class SeccompTest(unittest.TestCase):
    def each(self):
        for machine, architecture in ARCHITECTURES.items():
            program = pack_seccomp_filter(machine)
            with self.subTest(machine):
                yield machine, lambda number, *args: run(program, architecture, number, *args)  # noqa: B023

    def test_every_call_is_allowed_or_refused_as_the_list_says(self):
        for machine, decide in self.each():
            for number in set(range(NEWEST + 1)) - set(DEPENDS[machine].values()):
                expected = ERROR | errno.ENOSYS if number == CLONE3 else ERROR | errno.EPERM if number in REFUSED[machine] else ALLOWED
                self.assertEqual(expected, decide(number), number)

    def test_calls_newer_than_the_list_do_not_exist(self):
        for _, decide in self.each():
            for number in (NEWEST + 1, 1000, 0x40000000, 0x40000000 | 59, 0xFFFFFFFF):
                self.assertEqual(ERROR | errno.ENOSYS, decide(number), number)

    def test_another_abi_is_the_end(self):
        for machine, architecture in ARCHITECTURES.items():
            program = pack_seccomp_filter(machine)
            for other in (0, 0x40000003, 0x40000028, *set(ARCHITECTURES.values()) - {architecture}):
                self.assertEqual(KILLED, run(program, other, 0))

    def test_clone_makes_processes_and_threads_but_no_namespace(self):
        for machine, decide in self.each():
            clone = DEPENDS[machine]["clone"]
            for flags in (17, 0x11, 0x3D0F00, 0x4111, 0x1200011):
                self.assertEqual(ALLOWED, decide(clone, flags), hex(flags))
            for namespace in (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
                self.assertEqual(ERROR | errno.EPERM, decide(clone, namespace | 17), hex(namespace))

    def test_no_input_is_pushed_into_a_terminal(self):
        for machine, decide in self.each():
            ioctl = DEPENDS[machine]["ioctl"]
            for request, expected in ((0x5412, ERROR | errno.EPERM), (0x541C, ERROR | errno.EPERM), (0x5401, ALLOWED), (0x5413, ALLOWED), (0, ALLOWED)):
                self.assertEqual(expected, decide(ioctl, 0, request), hex(request))
                self.assertEqual(expected, decide(ioctl, 0, request | 1 << 40), "the kernel looks at the lower half only")

    def test_the_personality_can_be_asked_for_and_not_changed(self):
        for machine, decide in self.each():
            personality = DEPENDS[machine]["personality"]
            for value, expected in ((0, ALLOWED), (0xFFFFFFFF, ALLOWED), (8, ERROR | errno.EPERM), (0x0040000, ERROR | errno.EPERM)):
                self.assertEqual(expected, decide(personality, value), hex(value))

    def test_sockets_are_of_four_families_and_not_raw(self):
        for machine, decide in self.each():
            for name in ("socket", "socketpair"):
                number = DEPENDS[machine][name]
                for family in range(46):
                    for kind in (1, 2, 3, 5, 1 | 0o2000000, 3 | 0o2000000, 2 | 0o4000):
                        expected = ALLOWED
                        if family not in (1, 2, 10, 16):
                            expected = ERROR | errno.EAFNOSUPPORT
                        elif family in (2, 10) and kind & 0xF == 3:
                            expected = ERROR | errno.EPERM
                        self.assertEqual(expected, decide(number, family, kind), (name, family, kind))

    def test_the_kernel_takes_programs_of_that_length(self):
        for machine in ARCHITECTURES:
            self.assertLess(len(pack_seccomp_filter(machine)) // 8, LARGEST_PROGRAM)
