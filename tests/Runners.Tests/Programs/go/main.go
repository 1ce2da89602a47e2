package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

func twice(n int) int { return n * 2 }
func wrong(n int) int { return n + 2 }
func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}
func evens(all ...int) (found []int) {
	for _, n := range all {
		if n%2 == 0 {
			found = append(found, n)
		}
	}
	return
}
func deep(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + deep(n-1)
}
func equal(a, b interface{}) {
	if fmt.Sprint(a) != fmt.Sprint(b) {
		panic(fmt.Sprintf("%v is not %v", a, b))
	}
}

var kept [][]byte

func main() {
	switch os.Args[1] {
	case "hello":
		fmt.Println("hello")
	case "stdin":
		io.Copy(os.Stdout, os.Stdin)
	case "assert":
		equal(wrong(5), 10)
	case "error":
		panic("boom")
	case "exit":
		os.Exit(3)
	case "loop":
		for {
		}
	case "memory":
		for {
			b := make([]byte, 1<<20)
			for i := range b {
				b[i] = 1
			}
			kept = append(kept, b)
		}
	case "deep":
		fmt.Println(deep(1000000))
	case "output":
		fmt.Print(strings.Repeat("x", 1000000))
	case "unicode":
		fmt.Println("größe 日本語 🙂")
	case "two":
		fmt.Println(seven(6))
	case "pass1":
		equal(twice(2), 4)
		equal(twice(5), 10)
	case "pass2":
		equal(reverse("abc"), "cba")
	case "pass3":
		equal(evens(1, 2, 3, 4), []int{2, 4})
	case "pass4":
		equal(twice(0), 0)
		fmt.Println("done")
	case "fail1":
		equal(wrong(2), 4)
		equal(wrong(5), 10)
	case "fail2":
		fmt.Println("before")
		equal(reverse("ab"), "ab")
	case "fail3":
		equal(evens(1, 3), []int{1})
	case "error1":
		var p *int
		*p = 1
	case "error2":
		fmt.Println(evens(1)[3])
	case "error3":
		fmt.Fprintln(os.Stderr, "leaving")
		os.Exit(7)
	}
}
