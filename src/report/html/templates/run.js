(() => {
  const body = document.querySelector('#cases tbody');
  if (!body) return;
  const rows = [...body.rows];
  const at = (id) => document.getElementById(id);
  const [search, finding, category, shown] = ['search', 'by-finding', 'by-category', 'shown'].map(at);
  document.querySelectorAll('[data-comfort]').forEach((e) => { e.hidden = false; });
  let texts = null;
  const verdict = () => (document.querySelector('input[name=verdict]:checked')?.id ?? 'v-all').slice(2);
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    if (wanted && !texts) texts = rows.map((row) => row.textContent.toLowerCase());
    const [kind, group, word] = [finding?.value ?? '', category?.value ?? '', verdict()];
    let count = 0;
    rows.forEach((row, n) => {
      const fits = (!wanted || texts[n].includes(wanted))
        && (!kind || row.dataset.findings.split(' ').includes(kind))
        && (!group || row.dataset.category === group);
      row.hidden = !fits;
      if (fits && (word === 'all' || row.dataset.verdict === word)) count += 1;
    });
    shown.textContent = count;
  };
  search.addEventListener('input', filter);
  [finding, category, ...document.querySelectorAll('input[name=verdict]')].forEach((e) => e?.addEventListener('change', filter));
  at('all-cases').addEventListener('click', () => {
    [search, finding, category].forEach((e) => { if (e) e.value = ''; });
    at('v-all').checked = true;
    filter();
  });
  document.querySelectorAll('a[data-finding], a[data-category]').forEach((link) => link.addEventListener('click', () => {
    if (finding) finding.value = link.dataset.finding ?? '';
    if (category) category.value = link.dataset.category ?? '';
    filter();
  }));
  document.querySelectorAll('#cases th[data-sort]').forEach((head) => {
    const key = head.dataset.sort;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    const order = new Intl.Collator('zh');
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') !== 'descending';
      document.querySelectorAll('#cases th[aria-sort]').forEach((h) => h.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const value = (row) => row.dataset[key];
      const sign = down ? -1 : 1;
      const by = key === 'weight' ? (a, b) => value(a) - value(b) : (a, b) => order.compare(value(a), value(b));
      body.append(...[...rows].sort((a, b) => sign * by(a, b)));
    });
  });
})();
