sub seven { $_[0] * 7 } 1;
