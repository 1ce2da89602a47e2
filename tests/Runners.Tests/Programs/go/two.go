package main

func seven(n int) int { return n * 7 }
