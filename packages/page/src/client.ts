/**
 * What runs in the reader's browser: filtering and sorting of tables, and the pieces of a live run.
 * It is sent as its own source text, so it uses nothing from outside itself. Pages work without it.
 */
export function client(): void {
  const filter = document.querySelector<HTMLInputElement>('#filter');
  const status = document.querySelector<HTMLSelectElement>('#status');
  const shown = document.querySelector('#shown');
  const table = document.querySelector<HTMLTableElement>('table[data-sortable]');

  function apply(): void {
    if (!table) return;
    const wanted = (filter?.value ?? '').toLowerCase();
    const word = status?.value ?? '';
    let n = 0;
    for (const row of table.tBodies[0]?.rows ?? []) {
      const fits =
        (row.textContent ?? '').toLowerCase().includes(wanted) &&
        (word === '' || row.dataset['status'] === word);
      row.hidden = !fits;
      if (fits) n += 1;
    }
    if (shown) shown.textContent = `${n} shown`;
  }

  function sortBy(button: HTMLButtonElement): void {
    const header = button.closest('th');
    const body = table?.tBodies[0];
    if (!header || !body) return;
    const column = header.cellIndex;
    const down = header.getAttribute('aria-sort') === 'ascending';
    for (const other of table?.tHead?.rows[0]?.cells ?? []) other.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const key = (row: HTMLTableRowElement) =>
      row.cells[column]?.dataset['key'] ?? row.cells[column]?.textContent ?? '';
    const rows = [...body.rows].sort((a, b) =>
      key(a).localeCompare(key(b), 'en', { numeric: true }),
    );
    for (const row of down ? rows.reverse() : rows) body.append(row);
  }

  filter?.addEventListener('input', apply);
  status?.addEventListener('change', apply);
  filter?.form?.addEventListener('submit', (event) => event.preventDefault());
  for (const button of table?.querySelectorAll<HTMLButtonElement>('thead button') ?? [])
    button.addEventListener('click', () => sortBy(button));

  const live = document.querySelector<HTMLElement>('[data-live]');
  const address = live?.dataset['live'];
  if (address) {
    const events = new EventSource(address);
    events.addEventListener('piece', (event) => {
      const holder = document.createElement('template');
      holder.innerHTML = String(event.data);
      for (const piece of [...holder.content.children]) {
        const old = piece.id === '' ? null : document.getElementById(piece.id);
        if (old) old.replaceWith(piece);
        else if (piece.tagName === 'TR')
          document.querySelector('table[data-rows] tbody')?.append(piece);
      }
      apply();
    });
    events.addEventListener('end', () => events.close());
  }
}

/** The script of every page. */
export function clientScript(): string {
  return `(${client.toString()})()`;
}
