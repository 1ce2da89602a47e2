import java.util.*;
import java.util.stream.*;

public class Main {
    static long twice(long n) { return n * 2; }
    static long wrong(long n) { return n + 2; }
    static String reverse(String s) { return new StringBuilder(s).reverse().toString(); }
    static List<Integer> evens(Integer... all) { return Arrays.stream(all).filter(n -> n % 2 == 0).collect(Collectors.toList()); }
    static int deep(int n) { return n == 0 ? 0 : 1 + deep(n - 1); }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "hello": System.out.println("hello"); break;
            case "stdin": System.in.transferTo(System.out); System.out.flush(); break;
            case "assert": assert wrong(5L) == 10L : "wrong(5) is " + wrong(5L); break;
            case "error": throw new IllegalStateException("boom");
            case "exit": System.exit(3);
            case "loop": while (args.length > 0) { } break;
            case "memory": for (List<byte[]> kept = new ArrayList<>();;) kept.add(new byte[1 << 20]);
            case "deep": System.out.println(deep(100000)); break;
            case "output": System.out.print("x".repeat(1000000)); System.out.flush(); break;
            case "unicode": System.out.println("größe 日本語 🙂"); break;
            case "two": System.out.println(Two.seven(6)); break;
            case "pass1": assert twice(2L) == 4L; assert twice(5L) == 10L; break;
            case "pass2": assert reverse("abc").equals("cba"); break;
            case "pass3": assert evens(1, 2, 3, 4).equals(List.of(2, 4)); break;
            case "pass4": assert twice(0L) == 0L; System.out.println("done"); break;
            case "fail1": assert wrong(2L) == 4L; assert wrong(5L) == 10L; break;
            case "fail2": System.out.println("before"); assert reverse("ab").equals("ab"); break;
            case "fail3": assert evens(1, 3).equals(List.of(1)); break;
            case "error1": Object nothing = null; nothing.toString(); break;
            case "error2": System.out.println(evens(1).get(3)); break;
            case "error3": System.err.println("leaving"); System.exit(7);
        }
    }
}
