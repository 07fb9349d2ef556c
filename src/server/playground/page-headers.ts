/** Of everything that the page is made of. */
const COMMON = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

/**
 * What a browser is told about the page: it may load what this server sends and nothing else, run no script
 * that stands in the page, and be framed by nobody. Only styles with `nonce` count (Content Security Policy
 * Level 3); `'self'` holds for WebSockets to this server too.
 */
export function pageHeaders(nonce: string): Readonly<Record<string, string>> {
  return {
    ...COMMON,
    'content-security-policy': policy({
      'default-src': "'none'",
      'script-src': "'self'",
      'worker-src': "'self'",
      'style-src': `'self' 'nonce-${nonce}'`,
      'img-src': "'self' data:",
      'media-src': "'self' blob:",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    }),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy':
      'microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()',
    // A nonce is for one answer.
    'cache-control': 'no-store',
  };
}

/**
 * The script that runs tools which were written on the page: it alone may evaluate text, and it reaches nothing
 * but the page that started it.
 */
export const sandboxHeaders: Readonly<Record<string, string>> = {
  ...COMMON,
  'content-security-policy': policy({
    'default-src': "'none'",
    'script-src': "'self' 'unsafe-eval'",
    'frame-ancestors': "'none'",
  }),
};

/** A worker obeys the policy that comes with its own script, not the page's. */
export const assetHeaders: Readonly<Record<string, string>> = {
  ...COMMON,
  'content-security-policy': policy({
    'default-src': "'none'",
    'script-src': "'self'",
    'connect-src': "'self'",
    'frame-ancestors': "'none'",
  }),
};

function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
