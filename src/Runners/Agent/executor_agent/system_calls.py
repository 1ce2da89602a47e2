"""The numbers of the system calls that the filter knows, in the tables of x86-64 and of aarch64 (the generic one)."""

NEWEST_CALL = 470

# From 424 on both tables agree.
REFUSED_ALIKE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442,
    "pidfd_getfd": 438, "process_madvise": 440, "quotactl_fd": 443, "memfd_secret": 447, "statmount": 457, "listmount": 458,
}

# Behind each name: x86-64, aarch64; None where that machine has no such call.
REFUSED = {
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "unshare": (272, 97), "setns": (308, 268),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "create_module": (174, None), "get_kernel_syms": (177, None), "query_module": (178, None),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "sethostname": (170, 161), "setdomainname": (171, 162),
    "acct": (163, 89), "quotactl": (179, 60), "nfsservctl": (180, 42), "lookup_dcookie": (212, 18), "syslog": (103, 116),
    "vhangup": (153, 58), "modify_ldt": (154, None), "iopl": (172, None), "ioperm": (173, None), "uselib": (134, None),
    "_sysctl": (156, None), "move_pages": (279, 239), "migrate_pages": (256, 238),
}

# Those that depend on what they are given.
LOOKED_AT = {"clone": (56, 220), "clone3": (435, 435), "ioctl": (16, 29), "personality": (135, 92), "socket": (41, 198), "socketpair": (53, 199)}


def calls_of(column):
    """For x86-64 (0) or aarch64 (1): the numbers of those that are refused, and of those that are looked at, by name."""
    refused = list(REFUSED_ALIKE.values()) + [numbers[column] for numbers in REFUSED.values() if numbers[column] is not None]
    return refused, {name: numbers[column] for name, numbers in LOOKED_AT.items()}
