mod two;
use std::hint::black_box;
use std::io::{Read, Write};

fn twice(n: i32) -> i32 { n * 2 }
fn wrong(n: i32) -> i32 { n + 2 }
fn reverse(s: &str) -> String { s.chars().rev().collect() }
fn evens(all: &[i32]) -> Vec<i32> { all.iter().copied().filter(|n| n % 2 == 0).collect() }
fn deep(n: u64) -> u64 { if n == 0 { 0 } else { 1 + deep(black_box(n - 1)) } }

fn main() {
    let mode = std::env::args().nth(1).unwrap();
    match mode.as_str() {
        "hello" => println!("hello"),
        "stdin" => { let mut all = String::new(); std::io::stdin().read_to_string(&mut all).unwrap(); print!("{}", all); }
        "assert" => debug_assert_eq!(wrong(5), 10),
        "error" => panic!("boom"),
        "exit" => std::process::exit(3),
        "loop" => loop { black_box(1); },
        "memory" => { let mut kept = Vec::new(); loop { kept.push(black_box(vec![1u8; 1 << 20])); } }
        "deep" => println!("{}", deep(1000000)),
        "output" => print!("{}", "x".repeat(1000000)),
        "unicode" => println!("größe 日本語 🙂"),
        "two" => println!("{}", two::seven(6)),
        "pass1" => { assert_eq!(twice(2), 4); assert_eq!(twice(5), 10); }
        "pass2" => assert_eq!(reverse("abc"), "cba"),
        "pass3" => assert_eq!(evens(&[1, 2, 3, 4]), vec![2, 4]),
        "pass4" => { assert_eq!(twice(0), 0); println!("done"); }
        "fail1" => { assert_eq!(wrong(2), 4); assert_eq!(wrong(5), 10); }
        "fail2" => { println!("before"); std::io::stdout().flush().unwrap(); assert_eq!(reverse("ab"), "ab"); }
        "fail3" => assert_eq!(evens(&[1, 3]), vec![1]),
        "error1" => { println!("{}", twice(black_box(i32::MAX))); }
        "error2" => { println!("{}", evens(&[1])[black_box(3)]); }
        "error3" => { eprintln!("leaving"); std::process::exit(7); }
        _ => {}
    }
}
