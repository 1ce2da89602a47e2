int seven(int n);
