# log-detective: who came last night, how long they waited, and when they were there.

require "json"

LONGEST_PAUSE = 30 * 60 # seconds; after a longer one a new session begins
SLOWEST = 60_000 # milliseconds

# n: bytes, whatever they are; \A and \z: the whole line, where ^ and $ would be any line of it.
LINE = %r{\A
  (20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])
  T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:0\d|1[0-4])[0-5]\d))
  \ ([0-9A-Za-z.:-]{1,40})
  \ (/[0-9A-Za-z/._-]{0,99})
  \ ([0-9]{1,5})\r?\n?\z}xn

# An instant as one number: those of all zones can then be compared and subtracted.
def seconds_of(time)
  clock = Time.utc(*time[0, 19].split(/[-T:]/)).to_i
  zone = time[19..]
  return clock if zone == "Z"

  ahead = (zone[1, 2].to_i * 60 + zone[3, 2].to_i) * 60
  zone.start_with?("-") ? clock + ahead : clock - ahead
end

# Of a client: requests, and the present session from its begin to its latest request.
Client = Struct.new(:name, :requests, :begin, :latest)

# What is kept of a log: as much as it has clients and routes, however many lines there are.
class Log
  def initialize
    @lines = 0
    @damaged = 0
    @clients = {} # by name
    @routes = Hash.new { |routes, name| routes[name] = Hash.new(0) } # how many took so many ms
    @sessions = { count: 0, seconds: 0, longest: 0 }
    @time = nil # of the line before: many lines were written in the same second
    @now = 0
  end

  def read(stream)
    stream.binmode.each_line do |line|
      @lines += 1
      if LINE =~ line && $4.to_i <= SLOWEST
        add($1, $2, $3, $4.to_i)
      else
        @damaged += 1
      end
    end
  end

  def report
    @clients.each_value { |client| end_session(client) }
    {
      lines: @lines,
      damaged: @damaged,
      top: top_ten,
      routes: @routes.sort_by(&:first).map { |route, latencies| route_report(route, latencies) },
      sessions: @sessions
    }
  end

  private

  def add(time, client, route, latency)
    if time != @time
      @time = time
      @now = seconds_of(time)
    end
    visit(client)
    @routes[route][latency] += 1
  end

  def visit(name)
    client = @clients[name] ||= Client.new(name, 0, @now, @now)
    client.requests += 1
    if @now - client.latest > LONGEST_PAUSE
      end_session(client)
      client.begin = @now
    end
    client.latest = @now
  end

  def end_session(client)
    length = client.latest - client.begin
    @sessions[:count] += 1
    @sessions[:seconds] += length
    @sessions[:longest] = [@sessions[:longest], length].max
  end

  def top_ten
    ranking = @clients.values.sort_by { |client| [-client.requests, client.name] }
    ranking.first(10).map { |client| { client: client.name, requests: client.requests } }
  end

  def route_report(route, latencies)
    rows = latencies.sort
    requests = latencies.values.sum
    # By nearest rank: walk up the table until so many percent of all requests are behind you.
    percentile = lambda do |percent|
      rank = (percent * requests + 99) / 100 # rounded up, and exact: whole numbers only
      behind = 0
      rows.find { |_, count| (behind += count) >= rank }.first
    end
    { route: route, requests: requests,
      p50: percentile.(50), p95: percentile.(95), p99: percentile.(99) }
  end
end

def main(paths)
  log = Log.new
  paths.each { |path| File.open(path) { |file| log.read(file) } }
  log.read($stdin) if paths.empty?
  puts JSON.generate(log.report)
rescue SystemCallError => problem # its message names the file
  warn problem.message
  exit 2
end

main(ARGV)
