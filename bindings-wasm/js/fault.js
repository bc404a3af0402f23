/**
 * Why an exchange gave no response, as the core's transports reject: `kind` is `connect`, `torn`,
 * `invalid` or `callback`; `sent` is `never` when the service has certainly not seen the request.
 */
export function fault(kind, sent, cause) {
  const message = cause?.message || String(cause);
  return Object.assign(new Error(message, { cause }), { kind, sent });
}
