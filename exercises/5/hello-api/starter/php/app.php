<?php
// hello-api: the start of a small service. /health is done; the rest is yours.
//
// PHP's own server runs this file anew for each request; milepost.yaml says on which HOST and
// PORT it listens.

declare(strict_types=1);

function send_json(int $status, mixed $value): void
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($value);
}

$method = $_SERVER['REQUEST_METHOD'];
$path = explode('?', $_SERVER['REQUEST_URI'])[0];

if ($method === 'GET' && $path === '/health') {
    send_json(200, ['status' => 'ok']);
}
// TODO: GET /greet?name=Asha. $_GET holds the query, decoded.
// TODO: POST /sum. file_get_contents('php://input') is the body; json_decode() reads it.
// TODO: a wrong method, such as DELETE /health, gets 405 and a header Allow.
else {
    // TODO: without a header, PHP says that it is HTML. Errors, too, should go out as JSON.
    http_response_code(404);
    echo "<h1>Not found</h1>\n";
}
