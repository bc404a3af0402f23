import { ConnectionFailed } from "./errors.js";
import { fault } from "./fault.js";

/** A transport over a function like `fetch`, called with a URL and an init object. */
export function ownFetch(fetch) {
  return {
    send(method, url, headers, body, hasCredentials) {
      const controller = new AbortController();
      const init = {
        method,
        headers: Object.fromEntries(pairs(headers)),
        body,
        signal: controller.signal,
        credentials: "omit",
        redirect: method === "GET" && !hasCredentials ? "follow" : "manual",
      };
      return {
        head: exchange(fetch, url, init),
        abort: () => controller.abort(),
      };
    },
  };
}

async function exchange(fetch, url, init) {
  let response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (error instanceof ConnectionFailed) {
      throw fault("connect", "never", error);
    }
    // Platforms reject with a TypeError when the exchange failed; the rest is the user's own.
    const isNetwork = error instanceof TypeError || error?.name === "AbortError";
    throw fault(isNetwork ? "connect" : "callback", "maybe", error);
  }
  if (typeof response?.status !== "number" || typeof response.headers?.forEach !== "function") {
    throw fault("callback", "maybe", new TypeError("fetch gave no Response"));
  }
  if (response.type === "opaqueredirect") {
    throw fault("invalid", "maybe", new Error("it redirects, which is not followed"));
  }
  if (response.redirected && new URL(response.url).origin !== new URL(url).origin) {
    throw fault("invalid", "maybe", new Error("it redirects to another origin"));
  }
  return {
    status: response.status,
    headers: lines(response.headers),
    isShort: false,
    next: chunksOf(response),
  };
}

function chunksOf(response) {
  const reader = response.body?.getReader();
  return async () => {
    try {
      const { done, value } = (await reader?.read()) ?? { done: true };
      return done ? undefined : value;
    } catch (error) {
      throw fault("torn", "maybe", error);
    }
  };
}

function lines(headers) {
  const all = [];
  headers.forEach((value, name) => {
    all.push(name.toLowerCase(), value);
  });
  return all.join("\n");
}

function pairs(headers) {
  const all = headers.split("\n");
  const count = all.length >> 1;
  return Array.from({ length: count }, (_, place) => [all[2 * place], all[2 * place + 1]]);
}
