exports.seven = (n) => n * 7;
