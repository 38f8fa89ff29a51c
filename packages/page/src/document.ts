import { renderToString } from 'preact-render-to-string';
import type { VNode } from 'preact';
import { clientScript } from './client.js';
import { html } from './html.js';
import { STYLE } from './style.js';

/** A whole page. */
export interface PageOptions {
  readonly title: string;
  /** The entries of the navigation; none for a file that stands alone. */
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  /** The address of this page among the links. */
  readonly current?: string;
  /** Who is signed in, for the page's head. */
  readonly who?: VNode;
  /** The nonce of style and script under a Content-Security-Policy. */
  readonly nonce?: string;
}

/** Renders a page around its content: one text, no outside asset. */
export function renderPage(
  content: VNode,
  { title, links = [], current, who, nonce }: PageOptions,
): string {
  const mark = nonce === undefined ? {} : { nonce };
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="same-origin" />
      <title>${title} · Holdfast</title>
      <link rel="icon" href="data:," />
      <style ...${mark} dangerouslySetInnerHTML=${{ __html: STYLE }}></style>
    </head>
    <body>
      <a class="skip" href="#main">Skip to the content</a>
      <header class="top">
        <strong>Holdfast</strong>
        ${
          links.length > 0
            ? html`<nav aria-label="Main">
                ${links.map(
                  ({ href, text }) =>
                    html`<a href=${href} aria-current=${href === current ? 'page' : null}
                      >${text}</a
                    >`,
                )}
              </nav>`
            : null
        }
        ${who ? html`<span class="who">${who}</span>` : null}
      </header>
      <main id="main">${content}</main>
      <script ...${mark} dangerouslySetInnerHTML=${{ __html: clientScript() }}></script>
    </body>
  </html>`;
  return `<!doctype html>${renderToString(page)}`;
}

/** Renders a piece of a page, as a live page takes it. */
export function renderPiece(piece: VNode): string {
  return renderToString(piece);
}
