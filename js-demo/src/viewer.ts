import { part } from "./element.ts";

/** Shows a picture in full size over the page. Escape, the button or a click beside it closes. */
export function view(url: string, title: string): void {
  const dialog = part("viewer", HTMLDialogElement);
  const picture = dialog.querySelector("img");
  if (picture === null) return;
  picture.src = url;
  picture.alt = title;
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  dialog.onclose = () => picture.removeAttribute("src");
  dialog.showModal();
}
