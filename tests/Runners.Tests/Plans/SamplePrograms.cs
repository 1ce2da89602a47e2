namespace Executor.Runners.Plans;

/// <summary>
/// The same program in every language: greets its first argument with the line on standard input; <c>exit</c> as the first argument
/// ends with code 3 after a word on standard error; <c>fail</c> is an error that nobody catches, with the message <c>boom</c>.
/// </summary>
internal static class SamplePrograms
{
    public static string Source(string runtime) => runtime switch
    {
        "bash" => """
            if [ "$1" = exit ]; then echo leaving >&2; exit 3; fi
            if [ "$1" = fail ]; then set -u; echo "$boom"; fi
            read -r line; echo "hello $1 $line"
            """,
        "c" => """
            #include <assert.h>
            #include <math.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            int main(int argc, char **argv) {
                char line[100] = "";
                int boom = argc < 0;
                if (!strcmp(argv[1], "exit")) { fprintf(stderr, "leaving\n"); exit(3); }
                if (!strcmp(argv[1], "fail")) assert(boom);
                if (!fgets(line, sizeof line, stdin)) return (int)sqrt(16.0 * argc);
                printf("hello %s %s\n", argv[1], line);
            }
            """,
        "cpp" => """
            #include <iostream>
            #include <stdexcept>
            #include <string>
            #include <thread>
            int main(int argc, char **argv) {
                std::string mode = argv[1], line;
                if (mode == "exit") { std::cerr << "leaving" << std::endl; return 3; }
                if (mode == "fail") throw std::runtime_error("boom");
                std::getline(std::cin, line);
                std::thread([&] { std::cout << "hello " << mode << " " << line << std::endl; }).join();
            }
            """,
        "csharp" => """
            if (args[0] == "exit") { Console.Error.WriteLine("leaving"); return 3; }
            if (args[0] == "fail") { throw new InvalidOperationException("boom"); }
            Console.WriteLine($"hello {args[0]} {Console.ReadLine()}");
            return Enumerable.Empty<int>().Count();
            """,
        "go" => """
            package main

            import (
            	"bufio"
            	"fmt"
            	"os"
            )

            func main() {
            	if os.Args[1] == "exit" {
            		fmt.Fprintln(os.Stderr, "leaving")
            		os.Exit(3)
            	}
            	if os.Args[1] == "fail" {
            		panic("boom")
            	}
            	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
            	fmt.Println("hello", os.Args[1], line)
            }
            """,
        "java" => """
            import java.util.Scanner;

            public class Main {
                public static void main(String[] args) {
                    if (args[0].equals("exit")) { System.err.println("leaving"); System.exit(3); }
                    if (args[0].equals("fail")) { throw new IllegalStateException("boom"); }
                    System.out.println("hello " + args[0] + " " + new Scanner(System.in).nextLine());
                }
            }
            """,
        "node" => """
            if (process.argv[2] === "exit") { console.error("leaving"); process.exit(3); }
            if (process.argv[2] === "fail") { throw new RangeError("boom"); }
            console.log("hello", process.argv[2], require("fs").readFileSync(0, "utf8").trim());
            """,
        "perl" => """
            use strict; use warnings;
            if ($ARGV[0] eq "exit") { print STDERR "leaving\n"; exit 3; }
            if ($ARGV[0] eq "fail") { die "boom"; }
            my $line = <STDIN>; print "hello $ARGV[0] $line\n";
            """,
        "php" => """
            <?php
            if ($argv[1] === "exit") { fwrite(STDERR, "leaving\n"); exit(3); }
            if ($argv[1] === "fail") { throw new DomainException("boom"); }
            echo "hello $argv[1] ", fgets(STDIN), "\n";
            """,
        "python" => """
            import sys
            if sys.argv[1] == "exit":
                print("leaving", file=sys.stderr)
                sys.exit(3)
            if sys.argv[1] == "fail":
                raise LookupError("boom")
            print("hello", sys.argv[1], input())
            """,
        "ruby" => """
            if ARGV[0] == "exit" then warn "leaving"; exit 3 end
            raise ArgumentError, "boom" if ARGV[0] == "fail"
            puts "hello #{ARGV[0]} #{$stdin.gets}"
            """,
        "rust" => """
            fn main() {
                let mode = std::env::args().nth(1).unwrap();
                if mode == "exit" { eprintln!("leaving"); std::process::exit(3); }
                if mode == "fail" { panic!("boom"); }
                let mut line = String::new();
                std::io::stdin().read_line(&mut line).unwrap();
                println!("hello {} {}", mode, line);
            }
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(runtime)),
    };

    /// <summary>A source that doesn't compile, and a piece of what its compiler says.</summary>
    public static (string Source, string Complaint) Broken(string runtime) => runtime switch
    {
        "c" => ("int main() { return missing; }", "missing"),
        "cpp" => ("int main() { return missing; }", "missing"),
        "csharp" => ("Console.WriteLine(missing);", "missing"),
        "go" => ("package main\nfunc main() { missing() }", "main.go"),
        "java" => ("public class Main { int x = missing; }", "Main.java:1: error"),
        "rust" => ("fn main() { missing(); }", "missing"),
        _ => throw new ArgumentOutOfRangeException(nameof(runtime)),
    };
}
