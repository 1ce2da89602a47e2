#include "two.h"
int seven(int n) { return n * 7; }
