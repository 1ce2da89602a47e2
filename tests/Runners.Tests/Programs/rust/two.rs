pub fn seven(n: i32) -> i32 { n * 7 }
