#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# tap_parser.pl FILE: TAP as Test::Harness reads it; prints how many passed, failed, were skipped, have evidence.
use strict;
use warnings;
use TAP::Parser;

open my $file, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my $parser = TAP::Parser->new({tap => do { local $/; <$file> }});
my ($passed, $failed, $skipped, $told) = (0, 0, 0, 0);
while (my $result = $parser->next) {
	if ($result->is_test) {
		if ($result->has_skip) { $skipped++ }
		elsif ($result->is_ok) { $passed++ }
		else { $failed++ }
	}
	if ($result->is_yaml) {
		my $data = $result->data;
		die "a block without message\n" unless $data->{message} && $data->{severity};
		$told++;
	}
	die 'not TAP: ' . $result->as_string . "\n" if $result->is_unknown;
}
die join("\n", $parser->parse_errors) . "\n" if $parser->parse_errors;
print "$passed passed, $failed failed, $skipped skipped, $told told\n";
