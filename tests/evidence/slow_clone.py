#!/usr/bin/env python3
"""Runs a command for which the kernel takes longer to create a thread or process, and nothing else.

usage: slow_clone.py STEPS COMMAND [ARGUMENT...]

A seccomp filter allows every call, but multiplies STEPS times first when the call is clone() or clone3(). The command's
children have the filter, too. Needs CAP_SYS_ADMIN, and Linux on x86-64.
"""
import ctypes
import os
import struct
import sys

PR_SET_SECCOMP, SECCOMP_MODE_FILTER, SECCOMP_RET_ALLOW = 22, 2, 0x7FFF0000
LOAD, EQUAL, MULTIPLY, RETURN = 0x20, 0x15, 0x24, 0x06      # BPF, with a constant
NUMBER, ARGUMENT = 0, 16                                    # offsets in struct seccomp_data
CLONE, CLONE3 = 56, 435
MOST_STEPS = 4000                                           # a filter has 4096 instructions at most


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def instructions(steps):
    """What depends on no argument is answered once per call's number and kept, so an argument is looked at."""
    yield LOAD, 0, 0, NUMBER
    yield EQUAL, 2, 0, CLONE
    yield EQUAL, 1, 0, CLONE3
    yield RETURN, 0, 0, SECCOMP_RET_ALLOW
    yield LOAD, 0, 0, ARGUMENT
    for _ in range(steps):
        yield MULTIPLY, 0, 0, 3
    yield RETURN, 0, 0, SECCOMP_RET_ALLOW


def main(steps, *command):
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in instructions(int(steps)))
    buffer = ctypes.create_string_buffer(code)
    program = Program(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        sys.exit(f"slow_clone.py: seccomp: {os.strerror(ctypes.get_errno())}; give root, and a kernel with seccomp filters")
    os.execvp(command[0], command)


if __name__ == "__main__":
    if len(sys.argv) < 3 or not sys.argv[1].isdigit() or int(sys.argv[1]) > MOST_STEPS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
