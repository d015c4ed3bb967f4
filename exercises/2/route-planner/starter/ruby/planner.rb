# route-planner: the quickest way between two bus stops, on one-way roads.

roads = {} # by stop: [next stop, minutes]
answers = []

$stdin.each_line do |line|
  kind, *words = line.split
  if kind == "road"
    start, finish, minutes = words
    (roads[start] ||= []) << [finish, minutes.to_i]
  else
    start, target = words.last(2) # of a question "limit", words.first is the most changes
    # TODO: kind is "time", "route" or "limit".
    answers << "NONE"
  end
end

# Nothing is printed before: an answer is either whole or not there.
puts answers
