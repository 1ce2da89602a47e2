#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "two.h"
static int twice(int n) { return n * 2; }
static int wrong(int n) { return n + 2; }
static char *reverse(const char *s) {
    char *r = strdup(s);
    for (size_t i = 0, n = strlen(s); i < n; i++) r[i] = s[n - 1 - i];
    return r;
}
static int evens(const int *from, int n, int *to) {
    int count = 0;
    for (int i = 0; i < n; i++) if (from[i] % 2 == 0) to[count++] = from[i];
    return count;
}
static int deep(volatile int n) { return n == 0 ? 0 : 1 + deep(n - 1); }
int main(int argc, char **argv) {
    const char *m = argc > 1 ? argv[1] : "";
    int to[4], one_to_four[] = {1, 2, 3, 4}, odd[] = {1, 3};
    char line[100];
#define IS(name) (strcmp(m, name) == 0)
    if (IS("hello")) puts("hello");
    if (IS("stdin")) while (fgets(line, sizeof line, stdin)) fputs(line, stdout);
    if (IS("assert")) assert(wrong(5) == 10);
    if (IS("error")) abort();
    if (IS("exit")) exit(3);
    if (IS("loop")) for (volatile int i = 0;; i++) { }
    if (IS("memory")) for (;;) memset(malloc(1 << 20), 1, 1 << 20);
    if (IS("deep")) printf("%d\n", deep(1000000));
    if (IS("output")) for (int i = 0; i < 1000000; i++) putchar('x');
    if (IS("unicode")) puts("größe 日本語 🙂");
    if (IS("two")) printf("%d\n", seven(6));
    if (IS("pass1")) { assert(twice(2) == 4); assert(twice(5) == 10); }
    if (IS("pass2")) assert(!strcmp(reverse("abc"), "cba"));
    if (IS("pass3")) assert(evens(one_to_four, 4, to) == 2 && to[0] == 2 && to[1] == 4);
    if (IS("pass4")) { assert(twice(0) == 0); puts("done"); }
    if (IS("fail1")) { assert(wrong(2) == 4); assert(wrong(5) == 10); }
    if (IS("fail2")) { puts("before"); fflush(stdout); assert(!strcmp(reverse("ab"), "ab")); }
    if (IS("fail3")) assert(evens(odd, 2, to) == 1);
    if (IS("error1")) { int *volatile p = NULL; *p = 1; }
    if (IS("error2")) { volatile int zero = 0; printf("%d\n", 100 / zero); }
    if (IS("error3")) { fputs("leaving\n", stderr); exit(7); }
    return 0;
}
