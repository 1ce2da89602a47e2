#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>
#include "two.hpp"
static long twice(long n) { return n * 2; }
static long wrong(long n) { return n + 2; }
static std::string reverse(const std::string &s) { return {s.rbegin(), s.rend()}; }
static std::vector<long> evens(const std::vector<long> &all) {
    std::vector<long> found;
    for (long n : all) if (n % 2 == 0) found.push_back(n);
    return found;
}
static int deep(volatile int n) { return n == 0 ? 0 : 1 + deep(n - 1); }
int main(int, char **argv) {
    std::string m = argv[1];
    auto candidate = m.starts_with("fail") ? wrong : twice;
    if (m == "hello") std::puts("hello");
    if (m == "stdin") for (int c; (c = std::getchar()) != EOF;) std::putchar(c);
    if (m == "assert") assert(wrong(5) == 10);
    if (m == "error") throw std::runtime_error("boom");
    if (m == "exit") return 3;
    if (m == "loop") for (volatile int i = 0;; i = i + 1) { }
    if (m == "memory") for (std::vector<std::string> kept;;) kept.emplace_back(1 << 20, 'x');
    if (m == "deep") std::printf("%d\n", deep(1000000));
    if (m == "output") std::fputs(std::string(1000000, 'x').c_str(), stdout);
    if (m == "unicode") std::puts("größe 日本語 🙂");
    if (m == "two") std::printf("%d\n", seven(6));
    if (m == "pass1") { assert(candidate(2) == 4); assert(candidate(5) == 10); }
    if (m == "pass2") assert(reverse("abc") == "cba");
    if (m == "pass3") assert(evens({1, 2, 3, 4}) == (std::vector<long>{2, 4}));
    if (m == "pass4") { assert(candidate(0) == 0); std::puts("done"); }
    if (m == "fail1") { assert(candidate(2) == 4); assert(candidate(5) == 10); }
    if (m == "fail2") { std::puts("before"); std::fflush(stdout); assert(reverse("ab") == "ab"); }
    if (m == "fail3") assert(evens({1, 3}) == (std::vector<long>{1}));
    if (m == "error1") throw std::out_of_range("too far");
    if (m == "error2") std::puts(std::to_string(evens({1}).at(3)).c_str());
    if (m == "error3") { std::fputs("leaving\n", stderr); std::exit(7); }
}
