<?php
// hello-api: three routes, and every answer is JSON, also when something is wrong.
//
// PHP's own server runs this file anew for each request, so that nothing can stay behind; it
// ends at SIGTERM by itself. milepost.yaml says on which HOST and PORT it listens.

declare(strict_types=1);

const LONGEST_NAME = 50;
const LARGEST_BODY = 64 * 1024;
const LARGEST_NUMBER = 2 ** 53 - 1; // beyond it JavaScript, and so many a client, cannot count exactly

/** A request that cannot be answered as asked, and what the client should know of it. */
class Problem extends Exception
{
    public function __construct(
        public readonly int $status,
        public readonly string $word,
        string $message,
        public readonly ?string $field = null,
        public readonly ?string $allow = null,
    ) {
        parent::__construct($message);
    }
}

// What the service can do. Each function gets the query and the body, and gives what becomes JSON.

function health(array $query, string $body): array
{
    return ['status' => 'ok'];
}

function greet(array $query, string $body): array
{
    $name = $query['name'] ?? '';
    if ($name === '') { // not empty($name): to PHP, "0" is empty too
        $name = 'friend';
    }
    // ?name[]=x makes an array. The u makes a dot one character; strlen() would count bytes.
    if (!is_string($name) || !preg_match('/\A.{0,' . LONGEST_NAME . '}\z/su', $name)) {
        throw new Problem(422, 'not_a_name', 'A name is a text in UTF-8 of at most ' . LONGEST_NAME . ' characters.', 'name');
    }
    return ['greeting' => "Hello, $name!"];
}

function add(array $query, string $body): array
{
    $numbers = read_json_object($body);
    return ['sum' => whole_number($numbers, 'a') + whole_number($numbers, 'b')];
}

const ROUTES = [
    '/health' => ['GET' => 'health'],
    '/greet' => ['GET' => 'greet'],
    '/sum' => ['POST' => 'add'],
];

function find_action(string $method, string $path): callable
{
    $actions = ROUTES[$path] ?? throw new Problem(404, 'not_found', "There is nothing at $path.");
    $allowed = implode(', ', array_keys($actions));
    return $actions[$method]
        ?? throw new Problem(405, 'wrong_method', "$path can be asked by $allowed.", allow: $allowed);
}

// What comes in is checked here, at the door, so that the functions above may trust it.

function read_json_object(string $body): stdClass
{
    try {
        // Without this flag json_decode says null, both for "null" and for what is not JSON.
        $value = json_decode($body, flags: JSON_THROW_ON_ERROR);
    } catch (JsonException) {
        throw new Problem(400, 'broken_json', 'The body is not JSON.');
    }
    if (!$value instanceof stdClass) {
        throw new Problem(422, 'not_an_object', 'Send an object such as {"a": 2, "b": 3}.');
    }
    return $value;
}

function whole_number(stdClass $numbers, string $field): int
{
    if (!property_exists($numbers, $field)) {
        throw new Problem(422, 'missing', "The field $field is missing.", $field);
    }
    $value = $numbers->$field;
    // Not is_numeric: to PHP, the text "2" is numeric as well.
    if (!is_int($value) || abs($value) > LARGEST_NUMBER) {
        throw new Problem(422, 'not_a_whole_number', "$field must be a whole number.", $field);
    }
    return $value;
}

// And this is all that knows about HTTP.

function read_body(): string
{
    // One byte more than is allowed is enough to know.
    $body = file_get_contents('php://input', length: LARGEST_BODY + 1);
    if (strlen($body) > LARGEST_BODY) {
        throw new Problem(413, 'too_large', 'A body has at most ' . LARGEST_BODY . ' bytes.');
    }
    return $body;
}

function send_json(int $status, array $value): void
{
    http_response_code($status);
    header('Content-Type: application/json'); // without it, PHP says that it is HTML
    echo json_encode($value, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
}

function send_error(int $status, string $code, string $message, ?string $field = null): void
{
    $error = ['code' => $code, 'message' => $message];
    send_json($status, ['error' => $field === null ? $error : $error + ['field' => $field]]);
}

ini_set('display_errors', '0'); // PHP's complaints go to the log: in an answer they would be HTML
try {
    $path = explode('?', $_SERVER['REQUEST_URI'])[0];
    $body = read_body();
    $action = find_action($_SERVER['REQUEST_METHOD'], $path);
    send_json(200, $action($_GET, $body));
} catch (Problem $problem) {
    if ($problem->allow !== null) {
        header("Allow: $problem->allow");
    }
    send_error($problem->status, $problem->word, $problem->getMessage(), $problem->field);
} catch (Throwable $fault) {
    error_log((string) $fault); // for us; the client need not know how we are built
    send_error(500, 'our_fault', 'Something broke here.');
}
