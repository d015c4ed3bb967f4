# log-detective: who came last night, how long they waited, and when they were there.

require "json"

def read(stream, report)
  # Bytes, line by line: two million of them need no more memory than one.
  stream.binmode.each_line(chomp: true) do |line|
    report[:lines] += 1
    time, client, route, latency = line.split(" ")
    # TODO: count what is in it, unless the line is damaged.
  end
end

report = {
  lines: 0,
  damaged: 0,
  top: [], # TODO: { client: "10.0.0.7", requests: 4 }, at most ten
  routes: [], # TODO: { route: "/pay", requests: 2, p50: 800, p95: 800, p99: 800 }
  sessions: { count: 0, seconds: 0, longest: 0 }
}
# TODO: when there are names in ARGV, the lines of these files are the log.
read($stdin, report)
puts JSON.generate(report)
