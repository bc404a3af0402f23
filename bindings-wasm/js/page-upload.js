// Uploads of a page by XMLHttpRequest, which says how much of a body has left; fetch does not.

import { fault } from "./fault.js";

/**
 * The way for a request to `url`; nothing where fetch has to do. XMLHttpRequest is missing in
 * service workers, and would send a page's own origin its cookies, which fetch was told not to.
 */
export function uploadTransport(url) {
  const { location } = globalThis;
  const isPossible = typeof XMLHttpRequest === "function" && location !== undefined;
  return isPossible && new URL(url).origin !== location.origin ? { send } : undefined;
}

function send(method, url, headers, body, _hasCredentials, onSent) {
  const request = new XMLHttpRequest();
  const head = new Promise((resolve, reject) => {
    request.open(method, url);
    request.responseType = "arraybuffer";
    const lines = headers.split("\n");
    for (let place = 0; place + 1 < lines.length; place += 2) {
      request.setRequestHeader(lines[place], lines[place + 1]);
    }
    let isSettled = false;
    const settle = (how, value) => {
      isSettled = true;
      how(value);
    };
    request.upload.onprogress = ({ loaded }) => {
      if (!isSettled) {
        onSent(loaded);
      }
    };
    request.onload = () => {
      const isElsewhere = new URL(request.responseURL).origin !== new URL(url).origin;
      if (isElsewhere) {
        const reason = new Error("it redirects to another origin");
        settle(reject, fault("invalid", "maybe", reason));
      } else {
        settle(resolve, answerOf(request));
      }
    };
    // The page is not told why.
    request.onerror = () =>
      settle(reject, fault("connect", "maybe", new TypeError("the upload failed")));
    request.onabort = () => settle(reject, fault("torn", "maybe", new Error("it was aborted")));
    request.send(body);
  });
  return { head, abort: () => request.abort() };
}

function answerOf(request) {
  return {
    status: request.status,
    headers: request
      .getAllResponseHeaders()
      .split("\r\n")
      .filter((line) => line.includes(":"))
      .flatMap((line) => {
        const place = line.indexOf(":");
        return [line.slice(0, place).toLowerCase(), line.slice(place + 1).trim()];
      })
      .join("\n"),
    isShort: true,
    next: async () => new Uint8Array(request.response),
  };
}
