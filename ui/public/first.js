// Before anything is drawn: light or dark, and the size of text, as the window had them last. The content policy
// allows no script within the page, and whatever waits for a module is drawn once too early.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const draw = () => {
    const { theme } = root.dataset;
    root.dataset.scheme = theme === 'light' || theme === 'dark' ? theme : system.matches ? 'dark' : 'light';
  };
  try {
    const percent = Number(localStorage.getItem('text_percent'));
    if (percent >= 100 && percent <= 200) root.style.setProperty('--text-scale', String(percent / 100));
    root.dataset.theme = localStorage.getItem('theme') ?? 'system';
  } catch {
    root.dataset.theme = 'system';
  }
  draw();
  system.addEventListener('change', draw);
  new MutationObserver(draw).observe(root, { attributeFilter: ['data-theme'] });
})();
