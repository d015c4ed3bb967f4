# hello-api: the start of a small service. /health is done; the rest is yours.

require "json"
require "uri"
require "webrick" # Debian: ruby-webrick; elsewhere: gem install webrick

# WEBrick makes a new one for each request, and calls service() whatever the method is.
class App < WEBrick::HTTPServlet::AbstractServlet
  def service(request, response)
    if request.request_method == "GET" && request.path == "/health"
      send_json(response, 200, { status: "ok" })
    # TODO: GET /greet?name=Asha. URI.decode_www_form(request.query_string.to_s) reads a query.
    # TODO: POST /sum. The body is request.body; JSON.parse reads it.
    # TODO: a wrong method, such as DELETE /health, gets 405 and a header Allow.
    else
      # TODO: NotFound answers with an HTML page. Errors, too, should go out as JSON.
      raise WEBrick::HTTPStatus::NotFound
    end
  end

  def send_json(response, status, value)
    response.status = status
    response["Content-Type"] = "application/json"
    response.body = JSON.generate(value)
  end
end

# Who starts the service chooses where it listens, and says so in HOST and PORT.
host = ENV.fetch("HOST", "127.0.0.1")
port = Integer(ENV.fetch("PORT", "8000"))
server = WEBrick::HTTPServer.new(BindAddress: host, Port: port)
server.mount("/", App)
trap("TERM") { server.shutdown }
trap("INT") { server.shutdown }
server.start
