import { defineConfig, type Plugin } from "vite";

/**
 * The policy of the built page. Scripts, styles and workers come from the page alone; `connect-src`
 * is open because the user names the service. The development server injects styles and opens a
 * socket, so it goes without.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "worker-src 'self' blob:",
  "connect-src 'self' http: https:",
  "img-src 'self' blob:",
  "media-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}

export default defineConfig({
  // Relative, so that the folder works under any path of any server.
  base: "./",
  // The package carries its core inside, which makes one large chunk of what is needed at once.
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1_000 },
  worker: { format: "es" },
  plugins: [contentSecurityPolicy()],
});
