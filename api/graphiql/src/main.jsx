import { createRoot } from 'react-dom/client';

import { Page } from './page.jsx';
import { showFirstExample } from './editor/storage.js';
import { lookUpProjects } from './session/own-projects.js';

showFirstExample();
lookUpProjects();
createRoot(document.getElementById('page')).render(<Page />);
