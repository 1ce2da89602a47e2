require_relative "two"
def twice(n) n * 2 end
def wrong(n) n + 2 end
def deep(n) n == 0 ? 0 : 1 + deep(n - 1) end
def equal(a, b) raise "#{a} is not #{b}" if a != b end
case ARGV[0]
when "hello" then puts "hello"
when "stdin" then print $stdin.read
when "assert" then equal(wrong(5), 10)
when "error" then raise ArgumentError, "boom"
when "exit" then exit 3
when "loop" then loop { }
when "memory" then kept = []; loop { kept << "x" * (1 << 20) }
when "deep" then puts deep(100000)
when "output" then print "x" * 1000000
when "unicode" then puts "größe 日本語 🙂"
when "two" then puts seven(6)
when "pass1" then equal(twice(2), 4); equal(twice(5), 10)
when "pass2" then equal("abc".reverse, "cba")
when "pass3" then equal([1, 2, 3, 4].select(&:even?), [2, 4])
when "pass4" then equal(twice(0), 0); puts "done"
when "fail1" then equal(wrong(2), 4); equal(wrong(5), 10)
when "fail2" then puts "before"; equal("ab".reverse, "ab")
when "fail3" then equal([1, 3].select(&:even?), [1])
when "error1" then nil.call
when "error2" then 1 / 0
when "error3" then warn "leaving"; exit 7
end
