import 'graphiql/style.css';
import './page.css';
import './main.jsx';
