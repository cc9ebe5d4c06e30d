"""What a worker process may not do: reach a network, have more memory or processor time than it was given.

| | network | memory | processor time |
| --- | --- | --- | --- |
| Linux, where it may make namespaces | none at all (namespace of its own) | `RLIMIT_DATA` | `RLIMIT_CPU` |
| Linux elsewhere (x86-64, Arm), such as in containers | no socket but local ones (seccomp) | the same | the same |
| macOS | none from Python code (audit hook) | - | `RLIMIT_CPU` |
| Windows | none from Python code (audit hook) | - | - |

Everywhere `Workers` looks at memory and signs of life from outside and ends what goes too far.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from contextlib import suppress
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
# Of Linux, by what `platform.machine` says: the number that audit.h gives the processor, that of the system call
# socket, and the lowest number that belongs to another set of calls (x32), if there is one.
_CALLS = {"x86_64": (0xC000003E, 41, 0x40000000), "aarch64": (0xC00000B7, 198, 0xFFFFFFFF)}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_LOCAL = 1  # the address family of sockets between processes of one machine
_NETWORK_EVENTS = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo")


def shut_off_network() -> str:
    """Take the network from this process and its children; only for a process that has one thread so far.

    Returns what holds: "namespace", "seccomp" or "audit".
    """
    if sys.platform == "linux":
        with suppress(OSError):
            _unshare_network()
            return "namespace"
        with suppress(OSError, KeyError):
            _refuse_sockets()
            return "seccomp"
    sys.addaudithook(_refuse_network)
    return "audit"


def limit_resources(memory: int) -> None:
    """Bytes of memory of its own that this process may ask for at most, where the system can be told (Linux).

    It is also the first to go where a machine or a container runs out of memory, so that nobody else does.
    """
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # strangers' pictures are not left on a disk
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")


def limit_processor_time(seconds: float) -> None:
    """End this process when it has used so many seconds from now on; called again for each job."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        spent = sum(os.times()[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (int(spent + seconds) + 1, hard))


def _unshare_network() -> None:
    """A network namespace of its own, in which nothing is; who is not root needs a user namespace for it."""
    try:
        _call("unshare", _NEW_NETWORK)
    except PermissionError:
        user, group = os.getuid(), os.getgid()
        _call("unshare", _NEW_USER | _NEW_NETWORK)
        Path("/proc/self/setgroups").write_text("deny")  # the kernel asks for it before groups are mapped
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _refuse_sockets() -> None:
    """Let the kernel refuse all sockets but local ones: a filter of a few steps, see `man 2 seccomp`."""
    processor, socket, foreign = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),  # of which processor the call is
        (_EQUAL, 0, 6, processor),  # of another: refuse
        (_LOAD, 0, 0, 0),  # its number
        (_AT_LEAST, 4, 0, foreign),
        (_EQUAL, 0, 2, socket),  # not socket: allow
        (_LOAD, 0, 0, 16),  # the address family asked for
        (_EQUAL, 0, 1, _LOCAL),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
    _call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _call("prctl", _SECCOMP, _FILTER, program, 0, 0)


def _call(name: str, *arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    function = getattr(library, name)
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _refuse_network(event: str, _arguments: object) -> None:
    if event in _NETWORK_EVENTS:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
