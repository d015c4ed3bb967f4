# hello-api: three routes, and every answer is JSON, also when something is wrong.

require "json"
require "uri"
require "webrick" # Debian: ruby-webrick; elsewhere: gem install webrick

LONGEST_NAME = 50
LARGEST_BODY = 64 * 1024
LARGEST_NUMBER = 2**53 - 1 # beyond it JavaScript, and so many a client, cannot count exactly

# A request that cannot be answered as asked, and what the client should know of it.
class Problem < StandardError
  attr_reader :status, :allow

  def initialize(status, code, message, field: nil, allow: nil)
    super(message)
    @status = status
    @code = code
    @field = field
    @allow = allow
  end

  def to_h
    { code: @code, message: message, field: @field }.compact # compact leaves out what is nil
  end
end

# What the service can do. Each method gets the query and the body, gives what becomes JSON,
# and keeps nothing for the next request.
module Actions
  module_function

  def health(_query, _body)
    { status: "ok" }
  end

  def greet(query, _body)
    name = query.fetch("name", "")
    name = "friend" if name.empty?
    if name.size > LONGEST_NAME
      raise Problem.new(422, "too_long", "A name has at most #{LONGEST_NAME} characters.", field: "name")
    end

    { greeting: "Hello, #{name}!" }
  end

  def add(_query, body)
    numbers = Door.json_object(body)
    { sum: Door.whole_number(numbers, "a") + Door.whole_number(numbers, "b") }
  end
end

ROUTES = {
  "/health" => { "GET" => :health },
  "/greet" => { "GET" => :greet },
  "/sum" => { "POST" => :add }
}.freeze

def find_action(method, path)
  actions = ROUTES.fetch(path) { raise Problem.new(404, "not_found", "There is nothing at #{path}.") }
  actions.fetch(method) do
    allowed = actions.keys.join(", ")
    raise Problem.new(405, "wrong_method", "#{path} can be asked by #{allowed}.", allow: allowed)
  end
end

# What comes in is checked here, at the door, so that the actions may trust it.
module Door
  module_function

  # What comes from the network are bytes; only we know that they are meant as UTF-8.
  def utf8(bytes)
    text = bytes.to_s.dup.force_encoding(Encoding::UTF_8)
    text if text.valid_encoding?
  end

  def query(text)
    pairs = URI.decode_www_form(text.to_s, Encoding::UTF_8)
    pairs.reverse.to_h.transform_values(&:scrub) # of two with one name the first counts
  end

  def json_object(body)
    value = JSON.parse(utf8(body) || "")
    return value if value.is_a?(Hash)

    raise Problem.new(422, "not_an_object", 'Send an object such as {"a": 2, "b": 3}.')
  rescue JSON::ParserError # also when it is nested without end
    raise Problem.new(400, "broken_json", "The body is not JSON.")
  end

  def whole_number(numbers, field)
    value = numbers.fetch(field) { raise Problem.new(422, "missing", "The field #{field} is missing.", field: field) }
    return value if value.is_a?(Integer) && value.abs <= LARGEST_NUMBER

    raise Problem.new(422, "not_a_whole_number", "#{field} must be a whole number.", field: field)
  end
end

# And this is all that knows about HTTP. WEBrick makes a new App for each request, and calls
# service() whatever the method is.
class App < WEBrick::HTTPServlet::AbstractServlet
  def service(request, response)
    body = read_body(request)
    action = find_action(request.request_method, request.request_uri.path)
    send_json(response, 200, Actions.public_send(action, Door.query(request.query_string), body))
  rescue Problem => problem
    response["Allow"] = problem.allow if problem.allow
    send_json(response, problem.status, { error: problem.to_h })
  end

  # The body comes piece by piece, so that nobody can fill our memory.
  def read_body(request)
    body = +""
    request.body do |piece|
      body << piece
      raise Problem.new(413, "too_large", "A body has at most #{LARGEST_BODY} bytes.") if body.bytesize > LARGEST_BODY
    end
    body
  end

  def send_json(response, status, value)
    response.status = status
    response["Content-Type"] = "application/json"
    response.body = JSON.generate(value)
  end
end

# WEBrick's own complaints, of a broken request line for instance, are HTML unless we say otherwise.
class WEBrick::HTTPResponse
  def create_error_page
    @header["content-type"] = "application/json"
    @body = JSON.generate({ error: { code: "bad_request", message: reason_phrase.strip } })
  end
end

host = ENV.fetch("HOST", "127.0.0.1")
port = Integer(ENV.fetch("PORT", "8000"))
server = WEBrick::HTTPServer.new(BindAddress: host, Port: port)
server.mount("/", App)
trap("TERM") { server.shutdown } # nobody new; who is being served is served
trap("INT") { server.shutdown }
server.start
