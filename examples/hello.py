import platform

print(f"Hello from a sandboxed Python {platform.python_version()}!")
