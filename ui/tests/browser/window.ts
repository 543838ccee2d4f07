/** The built window, served with the content policy of the app, in Debian's Chromium. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { installShell } from '../fake/shell';
import type { Locale } from '../../src/ipc/generated/Locale';
import type { World } from '../fake/worlds';
import { speakPseudo } from './pseudo';

/** Debian's Chromium, unless another one is named. */
export const BROWSER = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** How a page is opened. */
export interface Look {
  width: number;
  height: number;
  /** The system's language, which is the window's where the diary does not open. */
  locale: Locale;
  scheme?: 'light' | 'dark';
  /** 2 is a text size of 200 %. */
  text?: number;
  /** Drawn pixels per CSS pixel. */
  density?: number;
  /** What the system asks for. */
  contrast?: 'more';
  forcedColors?: 'active';
  /** Everything that is said comes out in a made-up language. */
  pseudo?: boolean;
}

/** Waits until what was just opened stands still: a face that it is the first to use may still be loading. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
}

/** A photo as a course's are, skin from near: the redder the fewer days its id ends in; of day 3 it is held the other way. */
function skin(id: string): string {
  const day = parseInt(id.slice(-2), 16) || 0;
  const [width, height] = day === 3 ? [1536, 1152] : [1536, 2048];
  const flush = Math.max(0.04, 0.8 - day * 0.13);
  const pores = Array.from({ length: 420 }, (_, n) => {
    const reach = Math.sqrt(n / 420) * height * 0.62;
    const [x, y] = [width / 2 + reach * Math.cos(n * 2.4), height / 2 + reach * Math.sin(n * 2.4)];
    return `<circle cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" r="${4 + (n % 4)}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
    <defs><radialGradient id="s" cx="40%" cy="35%" r="90%"><stop stop-color="#efd0b3"/><stop offset="1" stop-color="#c99f7c"/></radialGradient>
    <radialGradient id="f"><stop stop-color="#c8463f" stop-opacity="${flush}"/><stop offset="1" stop-color="#c8463f" stop-opacity="0"/></radialGradient></defs>
    <path fill="url(#s)" d="M0 0H${width}V${height}H0z"/>
    <ellipse cx="${width * 0.48}" cy="${height * 0.5}" rx="${width * 0.62}" ry="${height * 0.46}" fill="url(#f)"/>
    <ellipse cx="${width * 0.66}" cy="${height * 0.36}" rx="${width * 0.3}" ry="${height * 0.2}" fill="url(#f)"/>
    <g fill="#a06a4c" opacity="0.28">${pores.join('')}</g></svg>`;
}

/** Chromium and the server behind it. */
export class Stage {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #address: string;

  private constructor(browser: Browser, server: Server) {
    this.#browser = browser;
    this.#server = server;
    this.#address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  static async open(): Promise<Stage> {
    const config = JSON.parse(await readFile('../tauri.conf.json', 'utf8')) as {
      app: { security: { csp: string } };
    };
    const server = createServer((request, response) => {
      // A browser asks for an icon by itself; the app's window does not.
      if (request.url === '/favicon.ico') {
        response.writeHead(204).end();
        return;
      }
      const photo = /^\/photo\/([^/]+)/.exec(request.url ?? '');
      if (photo) {
        response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end(skin(photo[1] ?? ''));
        return;
      }
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      const file = path === '/' ? 'index.html' : path.slice(1);
      readFile(join('dist', file)).then(
        (body) => {
          response.writeHead(200, {
            'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
            'Content-Security-Policy': config.app.security.csp,
          });
          response.end(body);
        },
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const browser = await chromium.launch({
      executablePath: BROWSER,
      args: [
        '--no-sandbox',
        // A camera that shows a moving pattern.
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    return new Stage(browser, server);
  }

  /** A window onto a world. What the content policy blocks, and what the page logs as an error, lands in `faults`. */
  async page(world: World, look: Look): Promise<{ page: Page; faults: string[] }> {
    const context = await this.#browser.newContext({
      viewport: { width: look.width, height: look.height },
      colorScheme: look.scheme ?? 'light',
      deviceScaleFactor: look.density ?? 1,
      locale: look.locale,
      timezoneId: world.overview?.zone ?? 'Europe/Madrid',
      reducedMotion: 'reduce',
      contrast: look.contrast ?? 'no-preference',
      forcedColors: look.forcedColors ?? 'none',
      hasTouch: look.width < 900,
      isMobile: look.width < 900,
    });
    const page = await context.newPage();
    if (look.text) {
      const devtools = await context.newCDPSession(page);
      await devtools.send('Page.setFontSizes', { fontSizes: { standard: 16 * look.text } });
    }
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      // What does not come is meant not to.
      if (message.type() === 'error' && !world.missing) faults.push(message.text());
    });
    if (world.missing) await page.route(`**/${world.missing}-*.js`, (request) => request.abort());
    // As the app's window does: a library that changes what all objects share fails here too.
    await page.addInitScript(() => Object.freeze(Object.prototype));
    await page.addInitScript(installShell, structuredClone(world));
    if (look.pseudo) await speakPseudo(page);
    await page.goto(this.#address);
    await page.waitForSelector('h1');
    await settle(page);
    return { page, faults };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await new Promise((done) => this.#server.close(done));
  }
}
