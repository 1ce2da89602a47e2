use strict; use warnings; no warnings "recursion";
require "./two.pl";
binmode STDOUT;
sub twice { $_[0] * 2 } sub wrong { $_[0] + 2 }
sub evens { grep { $_ % 2 == 0 } @_ }
sub deep { my $n = shift; $n == 0 ? 0 : 1 + deep($n - 1) }
sub equal { my ($a, $b) = @_; die "$a is not $b" if $a ne $b; }
my %programs = (
    hello => sub { print "hello\n" },
    stdin => sub { print while <STDIN> },
    assert => sub { equal(wrong(5), 10) },
    error => sub { die "boom" },
    exit => sub { exit 3 },
    loop => sub { 1 while 1 },
    memory => sub { my @kept; push @kept, "x" x (1 << 20) while 1 },
    deep => sub { print deep(100000), "\n" },
    output => sub { print "x" x 1000000 },
    unicode => sub { print "größe 日本語 🙂\n" },
    two => sub { print seven(6), "\n" },
    pass1 => sub { equal(twice(2), 4); equal(twice(5), 10) },
    pass2 => sub { equal(scalar reverse("abc"), "cba") },
    pass3 => sub { equal(join(",", evens(1, 2, 3, 4)), "2,4") },
    pass4 => sub { equal(twice(0), 0); print "done\n" },
    fail1 => sub { equal(wrong(2), 4); equal(wrong(5), 10) },
    fail2 => sub { print "before\n"; equal(scalar reverse("ab"), "ab") },
    fail3 => sub { equal(join(",", evens(1, 3)), "1") },
    error1 => sub { my $nothing; $nothing->call },
    error2 => sub { my $x = 1 / (@ARGV - 1) },
    error3 => sub { print STDERR "leaving\n"; exit 7 },
);
$programs{$ARGV[0]}->();
