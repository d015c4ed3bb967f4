# route-planner: the quickest way between two bus stops, on one-way roads.

# The cost of a road is its minutes, and one more unit for the road itself, so small that all roads
# of a way together never make a minute. To compare two costs is then to compare the minutes, and,
# when these are equal, the roads: one number says both.
MINUTE = 1_000_000

class UnknownStop < StandardError; end

# What waits, the least cost first: a heap. The children of entry i are 2i+1 and 2i+2, and none
# costs less than its parent; so the least is at the front, and each change needs few steps.
class Heap
  def initialize
    @entries = [] # of [cost, stop]
  end

  def push(entry)
    at = @entries.size
    while at.positive?
      parent = (at - 1) / 2
      break if @entries[parent][0] <= entry[0]

      @entries[at] = @entries[parent]
      at = parent
    end
    @entries[at] = entry
  end

  # Takes out the entry with the least cost; nil when there is none.
  def pop
    least = @entries[0]
    last = @entries.pop
    sink(last) unless @entries.empty?
    least
  end

  private

  def sink(entry)
    at = 0
    count = @entries.size
    while (child = 2 * at + 1) < count
      child += 1 if child + 1 < count && @entries[child + 1][0] < @entries[child][0]
      break if entry[0] <= @entries[child][0]

      @entries[at] = @entries[child]
      at = child
    end
    @entries[at] = entry
  end
end

class Network
  def initialize
    @roads_from = {} # by stop: [next stop, cost]
    @roads_to = {} # by stop: [stop before, cost]
  end

  def add(start, finish, minutes)
    cost = minutes * MINUTE + 1
    [start, finish].each do |stop|
      @roads_from[stop] ||= []
      @roads_to[stop] ||= []
    end
    @roads_from[start] << [finish, cost]
    @roads_to[finish] << [start, cost]
  end

  def require_stop(stop)
    raise UnknownStop, "there is no stop #{stop}" unless @roads_from.key?(stop)
  end

  # The least cost to the target of each stop that is no farther from it than the start.
  #
  # This is Dijkstra's search, begun at the target and against the roads: what it knows at its end
  # is, for each stop on the way, how far it still is. That is what a route is found by.
  def costs_to(target, start)
    best = { target => 0 }
    waiting = Heap.new
    waiting.push([0, target])
    while (cost, stop = waiting.pop) && stop != start
      next if cost > best[stop] # a better way was found while this one waited

      @roads_to[stop].each do |before, road|
        sum = cost + road
        next if best.key?(before) && best[before] <= sum

        best[before] = sum
        waiting.push([sum, before])
      end
    end
    best
  end

  # A list: number N has the least cost to the target of each stop with at most N roads.
  def costs_by_roads(target, roads)
    steps = [{ target => 0 }]
    roads.times do
      best = steps.last.dup
      steps.last.each do |stop, cost|
        @roads_to[stop].each do |before, road|
          sum = cost + road
          best[before] = sum if !best.key?(before) || sum < best[before]
        end
      end
      steps << best
    end
    steps
  end

  # From the start, always to a stop from which what is left is least: the first by its name.
  # The block says which costs hold after so many roads.
  def walk(start, target)
    route = [start]
    until route.last == target
      here = yield(route.size - 1)[route.last]
      left = yield(route.size)
      best = @roads_from[route.last].select { |stop, road| left.key?(stop) && left[stop] + road == here }
      route << best.map(&:first).min
    end
    route
  end
end

# The answer to a question, which is a list of words.
def answer(network, words)
  kind, *limit, start, target = words
  network.require_stop(start)
  network.require_stop(target)
  if kind == "limit"
    roads = limit.first.to_i + 1 # before each road but the first, there is a change
    steps = network.costs_by_roads(target, roads)
  else
    roads = 0
    steps = [network.costs_to(target, start)]
  end
  cost = steps[roads][start]
  return "NONE" unless cost

  minutes = cost / MINUTE
  return minutes.to_s if kind == "time"

  [minutes, *network.walk(start, target) { |done| steps[[roads - done, 0].max] }].join(" ")
end

def main
  network = Network.new
  answers = []
  $stdin.each_line do |line|
    words = line.split
    if words.first == "road"
      network.add(words[1], words[2], words[3].to_i)
    else
      answers << answer(network, words)
    end
  end
  puts answers
rescue UnknownStop => problem
  # Nothing was printed before: an answer is either whole or not there.
  warn problem.message
  exit 2
end

main
