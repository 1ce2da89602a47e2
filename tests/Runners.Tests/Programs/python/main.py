import sys
from two import seven

sys.setrecursionlimit(1_000_000)


def wrong(n):
    return n + 2


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


def run(mode):
    if mode == "hello":
        print("hello")
    elif mode == "stdin":
        sys.stdout.write(sys.stdin.read())
    elif mode == "assert":
        assert wrong(5) == 10
    elif mode == "error":
        raise LookupError("boom")
    elif mode == "exit":
        sys.exit(3)
    elif mode == "loop":
        while True:
            pass
    elif mode == "memory":
        kept = []
        while True:
            kept.append(b"x" * (1 << 20))
    elif mode == "deep":
        print(deep(100000))
    elif mode == "output":
        sys.stdout.write("x" * 1000000)
    elif mode == "unicode":
        print("größe 日本語 🙂")
    elif mode == "two":
        print(seven(6))


run(sys.argv[1])
