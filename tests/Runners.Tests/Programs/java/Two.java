class Two { static int seven(int n) { return n * 7; } }
