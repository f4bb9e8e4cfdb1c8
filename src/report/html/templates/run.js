(() => {
  const rows = [...document.querySelectorAll('#cases tbody tr')];
  const body = document.querySelector('#cases tbody');
  const search = document.getElementById('search');
  if (!body) return;
  document.querySelectorAll('[data-comfort]').forEach((e) => { e.hidden = false; });
  const texts = rows.map((row) => row.textContent.toLowerCase());
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    rows.forEach((row, at) => { row.hidden = !texts[at].includes(wanted); });
  });
  document.querySelectorAll('#cases th[data-sort]').forEach((head) => {
    const key = head.dataset.sort;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') !== 'descending';
      document.querySelectorAll('#cases th[aria-sort]').forEach((h) => h.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const value = (row) => row.dataset[key];
      const number = key === 'weight';
      const sign = down ? -1 : 1;
      const order = [...rows].sort((a, b) => sign * (number ? value(a) - value(b) : value(a).localeCompare(value(b), 'zh')));
      body.append(...order);
    });
  });
})();
