def seven(n):
    return n * 7
