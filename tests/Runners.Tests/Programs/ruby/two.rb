def seven(n) n * 7 end
