// hello-api: three routes, and every answer is JSON, also when something is wrong.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

public class App {
    static final int LONGEST_NAME = 50;
    static final int LARGEST_BODY = 64 * 1024;
    // Beyond 2^53 - 1 JavaScript, and so many a client, cannot count exactly.
    static final long LARGEST_NUMBER = (1L << 53) - 1;

    /** A request that cannot be answered as asked, and what the client should know of it. */
    static class Problem extends Exception {
        final int status;
        final Map<String, Object> error = new LinkedHashMap<>(); // keeps the order of its keys
        String allow;

        Problem(int status, String code, String message) {
            super(message);
            this.status = status;
            error.put("code", code);
            error.put("message", message);
        }

        Problem(int status, String code, String message, String field) {
            this(status, code, message);
            error.put("field", field);
        }
    }

    // What the service can do. Each method gets the query and the body, gives what becomes JSON,
    // and keeps nothing for the next request: many threads are in here at once.

    interface Action {
        Map<String, ?> answer(Map<String, String> query, byte[] body) throws Problem;
    }

    static Map<String, ?> health(Map<String, String> query, byte[] body) {
        return Map.of("status", "ok");
    }

    static Map<String, ?> greet(Map<String, String> query, byte[] body) throws Problem {
        String name = query.getOrDefault("name", "");
        if (name.isEmpty()) {
            name = "friend";
        }
        // Characters; name.length() counts some of them twice.
        if (name.codePointCount(0, name.length()) > LONGEST_NAME) {
            throw new Problem(422, "too_long", "A name has at most " + LONGEST_NAME + " characters.", "name");
        }
        return Map.of("greeting", "Hello, " + name + "!");
    }

    static Map<String, ?> add(Map<String, String> query, byte[] body) throws Problem {
        Map<?, ?> numbers = readJsonObject(body);
        return Map.of("sum", wholeNumber(numbers, "a") + wholeNumber(numbers, "b"));
    }

    static final Map<String, Map<String, Action>> ROUTES = Map.of(
        "/health", Map.of("GET", App::health),
        "/greet", Map.of("GET", App::greet),
        "/sum", Map.of("POST", App::add));

    static Action findAction(String method, String path) throws Problem {
        Map<String, Action> actions = ROUTES.get(path);
        if (actions == null) {
            throw new Problem(404, "not_found", "There is nothing at " + path + ".");
        }
        if (!actions.containsKey(method)) {
            String allowed = String.join(", ", actions.keySet());
            Problem problem = new Problem(405, "wrong_method", path + " can be asked by " + allowed + ".");
            problem.allow = allowed;
            throw problem;
        }
        return actions.get(method);
    }

    // What comes in is checked here, at the door, so that the methods above may trust it.

    static Map<?, ?> readJsonObject(byte[] body) throws Problem {
        Object value;
        try {
            // Unlike new String(bytes, UTF_8), a decoder does not hide what is not UTF-8.
            value = Json.read(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
        } catch (Json.Broken | CharacterCodingException reason) {
            throw new Problem(400, "broken_json", "The body is not JSON.");
        }
        if (value instanceof Map<?, ?> object) {
            return object;
        }
        throw new Problem(422, "not_an_object", "Send an object such as {\"a\": 2, \"b\": 3}.");
    }

    static long wholeNumber(Map<?, ?> numbers, String field) throws Problem {
        if (!numbers.containsKey(field)) {
            throw new Problem(422, "missing", "The field " + field + " is missing.", field);
        }
        if (numbers.get(field) instanceof Long number && Math.abs(number) <= LARGEST_NUMBER) {
            return number;
        }
        throw new Problem(422, "not_a_whole_number", field + " must be a whole number.", field);
    }

    static Map<String, String> readQuery(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            String[] parts = pair.split("=", 2);
            String value = parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
            query.putIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), value);
        }
        return query;
    }

    // And this is all that knows about HTTP.

    static void answer(HttpExchange exchange) throws IOException {
        try (exchange) { // closed at the end, whatever happens
            try {
                byte[] body = readBody(exchange);
                Action action = findAction(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath());
                send(exchange, 200, action.answer(readQuery(exchange.getRequestURI().getRawQuery()), body));
            } catch (Problem problem) {
                if (problem.allow != null) {
                    exchange.getResponseHeaders().set("Allow", problem.allow);
                }
                send(exchange, problem.status, Map.of("error", problem.error));
            } catch (RuntimeException fault) {
                fault.printStackTrace(); // for us; the client need not know how we are built
                send(exchange, 500, Map.of("error", Map.of("code", "our_fault", "message", "Something broke here.")));
            }
        }
    }

    static byte[] readBody(HttpExchange exchange) throws IOException, Problem {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw new Problem(413, "too_large", "A body has at most " + LARGEST_BODY + " bytes.");
        }
        return body;
    }

    static void send(HttpExchange exchange, int status, Map<String, ?> value) throws IOException {
        byte[] body = Json.write(value).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1); // -1 means: no body
            return;
        }
        exchange.sendResponseHeaders(status, body.length); // in bytes: a letter may have several
        exchange.getResponseBody().write(body);
    }

    public static void main(String[] arguments) throws IOException {
        String host = System.getenv().getOrDefault("HOST", "127.0.0.1");
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8000"));

        ExecutorService threads = Executors.newFixedThreadPool(20); // without: one request at a time
        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 128);
        server.createContext("/", App::answer);
        server.setExecutor(threads);
        server.start();
        System.out.println("Listening on http://" + host + ":" + port);

        // SIGTERM runs this hook: nobody new, and who is being served has two seconds.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(2)));
    }
}

/** As much of JSON as this service needs: the JDK has no reader and no writer of its own. */
class Json {
    static final int DEEPEST = 100; // each level is a call within a call, and the stack has an end

    static class Broken extends Exception {}

    /** A text becomes a Map, List, String, Long, Double, Boolean or null. */
    static Object read(String text) throws Broken {
        Json reader = new Json(text);
        Object value = reader.value(0);
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw new Broken();
        }
        return value;
    }

    static String write(Object value) {
        if (value instanceof Map<?, ?> object) {
            return object.entrySet().stream()
                .map(entry -> write(entry.getKey()) + ": " + write(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        }
        return value instanceof String text ? quote(text) : String.valueOf(value);
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            // Quotes and backslashes would end the text, control characters and half pairs are not allowed.
            if (letter == '"' || letter == '\\' || letter < ' ' || Character.isSurrogate(letter)) {
                quoted.append(String.format("\\u%04x", (int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }

    private final String text;
    private int at; // everything before it has been read

    private Json(String text) {
        this.text = text;
    }

    private Object value(int depth) throws Broken {
        if (depth > DEEPEST) {
            throw new Broken();
        }
        skipBlanks();
        switch (peek()) {
            case '{': return object(depth);
            case '[': return array(depth);
            case '"': return string();
            case 't': return word("true", true);
            case 'f': return word("false", false);
            case 'n': return word("null", null);
            default: return number();
        }
    }

    private Map<String, Object> object(int depth) throws Broken {
        Map<String, Object> object = new LinkedHashMap<>();
        expect('{');
        if (!accept('}')) {
            do {
                skipBlanks();
                String key = string();
                expect(':');
                object.put(key, value(depth + 1));
            } while (accept(','));
            expect('}');
        }
        return object;
    }

    private List<Object> array(int depth) throws Broken {
        List<Object> array = new ArrayList<>();
        expect('[');
        if (!accept(']')) {
            do {
                array.add(value(depth + 1));
            } while (accept(','));
            expect(']');
        }
        return array;
    }

    private String string() throws Broken {
        StringBuilder string = new StringBuilder();
        expect('"');
        while (peek() != '"') {
            char letter = take();
            if (letter < ' ') {
                throw new Broken();
            }
            string.append(letter == '\\' ? escaped() : letter);
        }
        at++;
        return string.toString();
    }

    private char escaped() throws Broken {
        char letter = take();
        if (letter == 'u') {
            String digits = text.substring(at, Math.min(at + 4, text.length()));
            if (!digits.matches("[0-9a-fA-F]{4}")) {
                throw new Broken();
            }
            at += 4;
            return (char) Integer.parseInt(digits, 16);
        }
        int which = "\"\\/bfnrt".indexOf(letter);
        if (which < 0) {
            throw new Broken();
        }
        return "\"\\/\b\f\n\r\t".charAt(which);
    }

    private Number number() throws Broken {
        int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        if (!digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw new Broken();
        }
        // Up to 18 digits fit into a long for certain; whatever is longer is no number of ours.
        return digits.matches("-?[0-9]{1,18}") ? (Number) Long.valueOf(digits) : Double.valueOf(digits);
    }

    private <T> T word(String word, T meaning) throws Broken {
        if (!text.startsWith(word, at)) {
            throw new Broken();
        }
        at += word.length();
        return meaning;
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws Broken {
        if (at == text.length()) {
            throw new Broken();
        }
        return text.charAt(at);
    }

    private char take() throws Broken {
        char letter = peek();
        at++;
        return letter;
    }

    private boolean accept(char letter) throws Broken {
        skipBlanks();
        boolean isHere = peek() == letter;
        at += isHere ? 1 : 0;
        return isHere;
    }

    private void expect(char letter) throws Broken {
        if (!accept(letter)) {
            throw new Broken();
        }
    }
}
