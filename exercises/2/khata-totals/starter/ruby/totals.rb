# khata-totals: what each customer of a shop owes, from its ledger on standard input.

# We say that both are UTF-8: otherwise it depends on the machine.
$stdin.set_encoding(Encoding::UTF_8)
$stdout.set_encoding(Encoding::UTF_8)

$stdin.each_line(chomp: true).with_index(1) do |line, number|
  date, name, kind, amount = line.split(",")
  # TODO: keep a balance for each name, in paise. to_f would lose some of them.
end

puts "customer\tbalance"
# TODO: one line for each customer, highest balance first.
puts "TOTAL\t0.00" # TODO: the sum of all balances
