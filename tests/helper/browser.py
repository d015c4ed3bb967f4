#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Look at pages with a real browser, as people with a phone, a keyboard or a screen reader would.

usage: browser.py DIR [SHOTS], browser.py --watch URL TEXT... The second opens a page and leaves it alone: each text
must appear on it, in this order, within a minute. DIR holds answers as t_pages writes them (NN.head, NN.body). They are served on the
loopback with their headers, opened by chromium at 360 and 1280 pixels, light and dark, and examined. Prints TAP.
With SHOTS a picture of each page is written there.
"""
import base64
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

WIDTHS = (360, 1280)
SCHEMES = ('light', 'dark')

# What can be seen from inside a page. Evaluated from outside: the page's policy allows no such script.
EXAMINE = r'''(() => {
  const found = [];
  const parse = (c) => { const n = c.match(/[\d.]+/g).map(Number); return {rgb: n.slice(0, 3), a: n.length > 3 ? n[3] : 1}; };
  const light = (rgb) => { const [r, g, b] = rgb.map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const ground = (el) => { for (; el; el = el.parentElement) { const c = parse(getComputedStyle(el).backgroundColor); if (c.a > 0) return c.rgb; }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255]; };
  if (document.documentElement.scrollWidth > innerWidth)
    found.push(`wider than the window: ${document.documentElement.scrollWidth}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let low = 0, count = 0;
  for (let node; (node = texts.nextNode());) {
    const el = node.parentElement;
    if (!node.data.trim() || el.closest('svg,noscript,style,script') || !el.getClientRects().length) continue;
    const a = light(parse(getComputedStyle(el).color).rgb), b = light(ground(el));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    count++;
    if (ratio < 4.5 && low++ < 3) found.push(`contrast ${ratio.toFixed(2)}: ${node.data.trim().slice(0, 30)}`);
  }
  if (count < 5) found.push(`only ${count} texts`);
  if (document.documentElement.lang === 'hi' && document.querySelector('link[rel=stylesheet]')) {
    // Words of ours that nobody translated; tasks and what a push shows have English of their own.
    for (const el of document.querySelectorAll('body *:not(.task,.task *,pre,code,time,[lang=en] *)'))
      for (const node of el.childNodes)
        if (node.nodeType === 3 && /([A-Za-z][a-z'-]+ ){2}[A-Za-z][a-z'-]+/.test(node.data)) found.push('English: ' + node.data.trim().slice(0, 60));
  }
  if (!document.documentElement.lang) found.push('no language');
  if (document.querySelectorAll('h1').length !== 1) found.push(`${document.querySelectorAll('h1').length} h1`);
  let level = 0;
  for (const h of document.querySelectorAll('h1,h2,h3,h4')) {
    const now = Number(h.tagName[1]);
    if (now > level + 1) found.push(`from h${level} to h${now}: ${h.textContent.slice(0, 30)}`);
    level = now;
  }
  if (document.querySelectorAll('main').length !== 1) found.push('not one main');
  for (const table of document.querySelectorAll('table.list'))
    if (!table.caption || !table.caption.textContent.trim()) found.push('a table without caption');
  const ids = [...document.querySelectorAll('[id]')].map((el) => el.id);
  if (new Set(ids).size !== ids.length) found.push('an id twice');
  return found;
})()'''
FOCUS = '''(() => { const el = document.activeElement; const s = getComputedStyle(el), r = el.getBoundingClientRect();
  return el === document.body ? null : {what: el.outerHTML.slice(0, 60), seen: s.outlineStyle !== 'none' && r.width > 0
    && r.right > 0 && r.left < innerWidth}; })()'''
NEED_NAMES = {'link', 'button', 'textbox', 'image', 'navigation', 'heading', 'region', 'log'}


class Answers(http.server.BaseHTTPRequestHandler):
    answers = {}
    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        status, headers, body = self.answers.get(self.path, (404, [], b''))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Browser:
    """chromium, spoken to over its pipe."""

    def __init__(self, home):
        to_read, self.to = os.pipe()
        self.back, back_write = os.pipe()
        flags = ['--headless', '--remote-debugging-pipe', '--no-first-run', '--disable-gpu', '--hide-scrollbars',
                 '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update',
                 '--user-data-dir=' + home] + (['--no-sandbox'] if os.getuid() == 0 else [])

        def wire():
            # The pipes become 3 and 4, through numbers that are neither.
            a, b = os.dup(to_read), os.dup(back_write)
            a, b = os.dup2(a, 30), os.dup2(b, 31)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(['/usr/bin/chromium', *flags], preexec_fn=wire, close_fds=False,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(back_write)
        self.number, self.rest, self.events, self.session = 0, b'', [], None
        target = self.ask('Target.createTarget', url='about:blank')['targetId']
        self.session = self.ask('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        for domain in ('Page', 'Network', 'Runtime', 'Log', 'Accessibility'):
            self.ask(domain + '.enable')

    def take(self):
        while b'\0' not in self.rest:
            piece = os.read(self.back, 1 << 20)
            if not piece:
                raise SystemExit('Bail out! chromium ended')
            self.rest += piece
        line, self.rest = self.rest.split(b'\0', 1)
        return json.loads(line)

    def ask(self, method, **params):
        self.number += 1
        message = {'id': self.number, 'method': method, 'params': params}
        if self.session:
            message['sessionId'] = self.session
        os.write(self.to, json.dumps(message).encode() + b'\0')
        while True:
            answer = self.take()
            if answer.get('id') == self.number:
                if 'error' in answer:
                    raise SystemExit(f'Bail out! {method}: {answer["error"]}')
                return answer['result']
            self.events.append(answer)

    def evaluate(self, script):
        return self.ask('Runtime.evaluate', expression=script, returnByValue=True)['result'].get('value')

    def open(self, url, width, scheme):
        self.ask('Emulation.setDeviceMetricsOverride', width=width, height=800, deviceScaleFactor=1, mobile=width < 600)
        self.ask('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': scheme}])
        self.events.clear()
        self.ask('Page.navigate', url=url)
        while not any(e.get('method') == 'Page.loadEventFired' for e in self.events):
            self.events.append(self.take())

    def shot(self, path):
        size = self.ask('Page.getLayoutMetrics')['cssContentSize']
        picture = self.ask('Page.captureScreenshot', captureBeyondViewport=True, clip={
            'x': 0, 'y': 0, 'width': size['width'], 'height': min(size['height'], 4000), 'scale': 1})
        with open(path, 'wb') as file:
            file.write(base64.b64decode(picture['data']))

    def end(self):
        os.close(self.to)
        self.process.terminate()
        self.process.wait()


def read_answers(folder):
    answers = {}
    for name in sorted(os.listdir(folder)):
        if not name.endswith('.head'):
            continue
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            first, *lines = file.read().splitlines()
        with open(os.path.join(folder, name[:-4] + 'body'), 'rb') as file:
            body = file.read()
        status, path = first.split(' ', 1)
        answers[path] = (int(status), [line.split(': ', 1) for line in lines], body)
    return answers


def unnamed(browser):
    """What a screen reader could not name, and the landmarks that are there."""
    nodes = browser.ask('Accessibility.getFullAXTree')['nodes']
    seen, found = set(), []
    for node in nodes:
        role = node.get('role', {}).get('value', '')
        if node.get('ignored'):
            continue
        seen.add(role)
        if role in NEED_NAMES and not node.get('name', {}).get('value', '').strip():
            found.append(f'a {role} without a name')
    return found + [f'no {role}' for role in ('main', 'navigation', 'heading', 'contentinfo') if role not in seen]


def by_keyboard(browser):
    """Tab through the page: each stop can be seen."""
    stops, found = 0, []
    for _ in range(12):
        for kind in ('keyDown', 'keyUp'):
            browser.ask('Input.dispatchKeyEvent', type=kind, key='Tab', code='Tab', windowsVirtualKeyCode=9)
        focus = browser.evaluate(FOCUS)
        if focus is None:
            break
        stops += 1
        if not focus['seen']:
            found.append('focus is not seen: ' + focus['what'])
    return found or ([] if stops else ['nothing to reach by keyboard'])


def complaints(browser, site):
    """Requests to elsewhere, and what the browser itself complains about."""
    found = []
    for event in browser.events:
        params = event.get('params', {})
        if event.get('method') == 'Network.requestWillBeSent' and not params['request']['url'].startswith(site):
            found.append('asks elsewhere: ' + params['request']['url'][:80])
        # A page that is not there is told as an error, and is meant to be.
        if event.get('method') == 'Log.entryAdded' and '404' not in params['entry']['text']:
            found.append(params['entry']['text'][:200])
        if event.get('method') == 'Runtime.exceptionThrown':
            found.append('script: ' + str(params['exceptionDetails'].get('text')))
    return found


def main(folder, shots=None):
    Answers.answers = read_answers(folder)
    Answers.answers['/favicon.ico'] = (404, [], b'')
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = f'http://127.0.0.1:{server.server_port}'
    pages = [path for path, (_, headers, _) in Answers.answers.items()
             if dict(headers).get('Content-Type', '').startswith('text/html')]
    count = failed = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = Browser(home)
        for path in pages:
            for width in WIDTHS:
                for scheme in SCHEMES:
                    browser.open(site + path, width, scheme)
                    found = browser.evaluate(EXAMINE) + unnamed(browser) + complaints(browser, site)
                    if scheme == 'light':
                        found += by_keyboard(browser)
                    count += 1
                    failed += bool(found)
                    print(f'{"not " if found else ""}ok {count} - {path} at {width} pixels, {scheme}')
                    for line in found:
                        print('#   ' + line.replace('\n', ' '))
                    if shots:
                        name = path.strip('/').replace('/', '-') or 'front'
                        browser.shot(os.path.join(shots, f'{name}-{width}-{scheme}.png'))
        # What comes as an event is shown: the answer of /events tells one line more.
        browser.open(site + '/me', 360, 'light')
        time.sleep(0.5)
        lines = browser.evaluate('document.getElementById("lines").textContent')
        count += 1
        is_told = 'place 1 in the queue' in (lines or '')
        failed += not is_told
        print(f'{"" if is_told else "not "}ok {count} - lines that come as events are shown')
        browser.end()
    print(f'1..{count}')
    return 1 if failed else 0


def watch(url, *texts):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = Browser(home)
        browser.open(url, 360, 'light')
        print('open', flush=True)
        end = time.monotonic() + 60
        for text in texts:
            while text not in (browser.evaluate('document.body && document.body.innerText') or ''):
                if time.monotonic() > end:
                    print(f'"{text}" did not appear')
                    return 1
                time.sleep(0.05)
            print(f'"{text}" appeared')
        found = complaints(browser, url.split('/s/')[0])
        browser.end()
    print('\n'.join(found))
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(watch(*sys.argv[2:]) if sys.argv[1] == '--watch' else main(*sys.argv[1:]))
