#include "two.hpp"
int seven(int n) { return n * 7; }
