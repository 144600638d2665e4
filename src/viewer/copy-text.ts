/**
 * Puts a text into the clipboard. A page from the disk may have no `navigator.clipboard`, or may not be allowed to use it:
 * then the older way of a selected field.
 * @returns whether it is there
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** The field must be in the page to be selected. What had the focus gets it back. */
function copySelected(text: string): boolean {
  const focus = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (focus instanceof HTMLElement) focus.focus();
  }
}
