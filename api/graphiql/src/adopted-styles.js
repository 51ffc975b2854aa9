import { useEffect } from 'react';

/**
 * Stands in for the package `react-style-singleton`, which dialogs and menus use to keep the page from scrolling. That
 * one writes `<style>` elements, which the content security policy forbids; adopted style sheets need no exception.
 */
export function styleSingleton() {
  const useStyle = styleHookSingleton();
  return function Sheet({ styles, dynamic }) {
    useStyle(styles, dynamic);
    return null;
  };
}

export function styleHookSingleton() {
  const { add, remove } = stylesheetSingleton();
  return (styles, dynamic) => {
    useEffect(() => {
      add(styles);
      return remove;
    }, [styles && dynamic]);
  };
}

export function stylesheetSingleton() {
  let users = 0;
  let sheet = null;
  return {
    add(styles) {
      users += 1;
      if (users > 1) return;
      sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    },
    remove() {
      users -= 1;
      if (users > 0) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    },
  };
}
