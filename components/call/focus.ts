/** After joining the focus goes to the first button, after leaving into the form. */
export async function focusAfterTurn(root: ParentNode, inCall: boolean): Promise<void> {
  const prejoin = root.querySelector('wcs-prejoin');
  const target = inCall ? root.querySelector('wcs-controls') : prejoin;
  await target?.updateComplete;
  if (target === prejoin) prejoin?.focus();
  else target?.renderRoot.querySelector<HTMLElement>('button')?.focus();
}

/** Into the chat that was opened, or back to the button that opens it. */
export async function focusChat(root: ParentNode, open: boolean): Promise<void> {
  const controls = root.querySelector('wcs-controls');
  await controls?.updateComplete;
  if (open) root.querySelector('wcs-chat')?.focus();
  else controls?.renderRoot.querySelector<HTMLElement>('[part=chat-button]')?.focus();
}
