static class Two { public static int Seven(int n) => n * 7; }
