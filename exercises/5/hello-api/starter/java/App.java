// hello-api: the start of a small service. /health is done; the rest is yours.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

public class App {
    static void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();

        if (method.equals("GET") && path.equals("/health")) {
            send(exchange, 200, "application/json", "{\"status\": \"ok\"}");
        }
        // TODO: GET /greet?name=Asha. getRequestURI().getRawQuery() is the query; split it at & and
        //       =, then URLDecoder.decode(text, StandardCharsets.UTF_8).
        // TODO: POST /sum. exchange.getRequestBody().readAllBytes() is the body.
        // TODO: a wrong method, such as DELETE /health, gets 405 and a header Allow.
        else {
            // TODO: errors, too, should go out as JSON.
            send(exchange, 404, "text/html", "<h1>Not found</h1>\n");
        }
    }

    static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    public static void main(String[] arguments) throws IOException {
        // Who starts the service chooses where it listens, and says so in HOST and PORT.
        String host = System.getenv().getOrDefault("HOST", "127.0.0.1");
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8000"));

        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 128);
        server.createContext("/", App::answer); // whatever the path is, it comes to answer()
        server.setExecutor(Executors.newFixedThreadPool(20)); // so many are served at once
        server.start();
        System.out.println("Listening on http://" + host + ":" + port);
    }
}
