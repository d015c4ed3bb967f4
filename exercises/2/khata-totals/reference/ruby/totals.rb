# khata-totals: what each customer of a shop owes, from its ledger on standard input.

# \A and \z are the ends of the text; ^ and $ would be the ends of any line in it.
DATE = /\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z/
AMOUNT = /\A([0-9]{1,13})(?:\.([0-9]{1,2}))?\z/
SIGN = { "credit" => +1, "payment" => -1 }.freeze

# A line that is not an entry; the message says why.
class BadLine < StandardError; end

# Money is a whole number of paise from the door in to the door out: a Float cannot hold 0.10.

def read_paise(text)
  amount = AMOUNT.match(text)
  raise BadLine, "'#{text}' is not an amount such as 120 or 120.50" unless amount

  rupees, paise = amount.captures
  # to_i, not Integer(): that takes "08" for an octal number.
  rupees.to_i * 100 + paise.to_s.ljust(2, "0").to_i
end

def write_rupees(paise)
  sign = paise.negative? ? "-" : ""
  # Without abs, -5 divided by 100 would be -1: Ruby rounds down, not towards zero.
  format("%s%d.%02d", sign, *paise.abs.divmod(100))
end

# The name and the signed paise of one line: what was bought adds, what was paid takes away.
def read_entry(line)
  fields = line.split(",", -1) # without -1, empty fields at the end are dropped
  raise BadLine, "4 fields are needed, here are #{fields.size}" unless fields.size == 4

  date, name, kind, amount = fields
  raise BadLine, "'#{date}' is not a date such as 2024-11-01" unless DATE.match?(date)
  raise BadLine, "a name has 1 to 80 characters, here are #{name.size}" unless name.size.between?(1, 80)

  sign = SIGN.fetch(kind) { raise BadLine, "'#{kind}' is neither credit nor payment" }
  [name, sign * read_paise(amount)]
end

# The balance of each customer, by name.
def read_ledger(input)
  balances = Hash.new(0) # who is not in it yet owes 0
  input.each_line(chomp: true).with_index(1) do |line, number| # chomp takes LF and CRLF away
    raise BadLine, "this is not UTF-8" unless line.valid_encoding?
    next if line.strip.empty? || line.start_with?("#")

    name, paise = read_entry(line)
    balances[name] += paise
  rescue BadLine => reason
    raise BadLine, "line #{number}: #{reason.message}"
  end
  balances
end

def report(balances)
  # Ruby compares arrays item by item, and texts byte by byte.
  customers = balances.sort_by { |name, paise| [-paise, name] }
  lines = customers.map { |name, paise| "#{name}\t#{write_rupees(paise)}\n" }
  ["customer\tbalance\n", *lines, "TOTAL\t#{write_rupees(balances.values.sum)}\n"].join
end

# Input and output are UTF-8 because we say so: otherwise it depends on the machine.
$stdin.set_encoding(Encoding::UTF_8)
$stdout.set_encoding(Encoding::UTF_8)
begin
  print report(read_ledger($stdin)) # printed only when the whole ledger is known to be good
rescue BadLine => problem
  warn problem.message
  exit 2
end
